"""Settings and secrets: what the pods are told is what the program reads, and nothing secret is in clear."""

import json
import re

import pytest
import yaml

from tests.architecture.contract import READ
from tests.chart.render import NAMESPACE, VALUES, containers, get, keys_asked_of_secrets, objects, pods, template
from tests.chart.tools import CHART, ROOT

every = pytest.mark.parametrize("values", VALUES)
STARTED = set(re.findall(r"\$\{?([A-Z_]+)", (ROOT / "docker" / "start.sh").read_text()))
KEYS = {"SECRET_KEY", "JWT_SECRET", "DATABASE_URL", "FLOWER_BASIC_AUTH", "REDIS_PASSWORD", "POSTGRES_PASSWORD"}
KEYS |= {"BROKER_URL", "CACHE_URL"}  # where they are not the chart's own
SECRET = KEYS | {"BROKER_PASSWORD", "CACHE_PASSWORD"}


@every
def test_the_program_reads_what_it_is_told(values: str) -> None:
    assert set(get(values, "ConfigMap", "technical-analysis-config")["data"]) <= READ
    for owner, pod in pods(values).items():
        for container in containers(pod):
            if "gravity_techanalysis" in container["image"]:
                names = {variable["name"] for variable in container["env"]}
                assert names <= READ | STARTED, owner


def test_the_schema_knows_every_setting() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())
    known = set(schema["properties"]["config"]["properties"])
    assert known <= READ
    told = set(get("default", "ConfigMap", "technical-analysis-config")["data"]) | SECRET
    missing = READ - known - told - {"DEBUG", "DRAIN_FILE", "WORKER_METRICS_PORT", "BEAT_METRICS_PORT"}
    assert not missing


@every
def test_nothing_secret_is_in_clear(values: str) -> None:
    for one in objects(values):
        if one["kind"] == "Secret":
            continue
        text = json.dumps(one)
        assert not re.search(r"://[^/\s\"$]*:[^@/\s\"$]+@", text), one["metadata"]["name"]
    for owner, pod in pods(values).items():
        for container in containers(pod):
            for variable in container.get("env", []):
                if variable["name"] in SECRET | {"REDISCLI_AUTH"}:
                    assert set(variable) == {"name", "valueFrom"}, owner


@every
def test_every_key_that_is_asked_for_is_in_the_secret(values: str) -> None:
    asked = keys_asked_of_secrets(values)
    assert asked <= KEYS
    made = [one for one in objects(values) if one["kind"] == "Secret"]
    if made:
        assert asked <= set(made[0]["data"])


def test_generated_secrets_are_long_and_never_the_same() -> None:
    import base64

    first = get("trial", "Secret", "technical-analysis-secret")["data"]
    again = next(one for one in objects("trial", "--set", "priorityClassName=x") if one["kind"] == "Secret")["data"]
    for key in ("SECRET_KEY", "JWT_SECRET", "POSTGRES_PASSWORD"):
        assert len(base64.b64decode(first[key])) >= 32
        assert first[key] != again[key]
    assert first["SECRET_KEY"] != first["JWT_SECRET"]


def test_the_limits_of_the_ingress_are_the_programs() -> None:
    from django.conf import settings

    notes = get("production", "Ingress", "technical-analysis")["metadata"]["annotations"]
    told = get("production", "ConfigMap", "technical-analysis-config")["data"]
    assert int(told["BODY_MAX_BYTES"]) == settings.BODY_MAX_BYTES
    assert notes["nginx.ingress.kubernetes.io/proxy-body-size"] == f"{settings.BODY_MAX_BYTES >> 20}m"
    assert int(notes["nginx.ingress.kubernetes.io/proxy-read-timeout"]) > settings.WAIT_MAX_SECONDS
    # Bodies are received wholly before a thread of the API is asked; answers are passed on as they come.
    assert notes["nginx.ingress.kubernetes.io/proxy-request-buffering"] == "on"
    assert notes["nginx.ingress.kubernetes.io/proxy-buffering"] == "off"


@pytest.mark.parametrize("release", ["technical-analysis", "blue"])
def test_every_name_of_the_service_is_answered(release: str) -> None:
    done = template("--set", "gateway.enabled=true,gateway.parentRefs[0].name=a", release=release)
    made = [one for one in yaml.safe_load_all(done.stdout) if one]
    (told,) = [one["data"] for one in made if one["kind"] == "ConfigMap" and "ALLOWED_HOSTS" in one["data"]]
    hosts = told["ALLOWED_HOSTS"].split(",")
    (service,) = {one["metadata"]["name"] for one in made if one["kind"] == "HTTPRoute"}
    for suffix in ("", f".{NAMESPACE}", f".{NAMESPACE}.svc", f".{NAMESPACE}.svc.cluster.local"):
        assert f"{service}{suffix}" in hosts
    assert len(set(hosts)) == len(hosts)


def test_the_ingress_routes_every_page_but_metrics() -> None:
    from django.urls import get_resolver

    paths = get("production", "Ingress", "technical-analysis")["spec"]["rules"][0]["http"]["paths"]
    prefixes = tuple(path["path"] for path in paths if path["pathType"] == "Prefix")
    exact = {path["path"] for path in paths if path["pathType"] == "Exact"}
    for pattern in routes(get_resolver().url_patterns):
        routed = pattern in exact or pattern.startswith(prefixes)
        assert routed != (pattern == "/metrics"), pattern
    backends = {path["path"]: path["backend"]["service"]["name"] for path in paths}
    for open_page in ("/flower/metrics", "/flower/healthcheck"):
        assert backends[open_page] == "technical-analysis"


def routes(patterns, prefix: str = "/") -> list[str]:
    """Return all addresses of the program, with their placeholders."""
    found = []
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        nested = getattr(pattern, "url_patterns", None)
        found.extend([address] if nested is None else routes(nested, address))
    return found
