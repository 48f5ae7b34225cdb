"""Every value does something: it is set here to what nobody else has, and found in what is rendered."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.chart.every import ELSEWHERE, EVERY
from tests.chart.render import containers, get, objects, pods
from tests.chart.tools import CHART

SETS = {"every": EVERY, "elsewhere": ELSEWHERE}
SCHEMA = json.loads((CHART / "values.schema.json").read_text())["properties"]
DEFAULTS = yaml.safe_load((CHART / "values.yaml").read_text())
# They begin a name, or are turned into another form.
TURNED = {
    "workerScaling": "External",
    "ingress.controller": "nginx.ingress.kubernetes.io/limit-rps",
    "ingress.bodyMegabytes": "11m",
    "api.autoscaling.requestsPerSecond": "1234",
    "workerDefaults.autoscaling.cpuPercent": "",  # of the other ways to scale
    "image.repository": "registry.example.org/mirror/else/gravity_techanalysis",
    "redis.image": "registry.example.org/mirror/library/redis:7.4.5",
    "postgres.image": "registry.example.org/mirror/library/postgres:16.9",
    "backup.image": "registry.example.org/mirror/library/postgres:16.8",
}
# Found in the trial, the default, test_names.py or test_umbrella.py: they exclude what EVERY sets.
APART = {"enabled", "fullnameOverride", "networkPolicy.kedaNamespace", "workerDefaults.replicas"}


def leaves(values: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value that is no map, by its path."""
    if isinstance(values, dict):
        for key, value in values.items():
            yield from leaves(value, f"{path}.{key}" if path else key)
    else:
        yield path, values


def scalars(value: Any) -> Iterator[str]:
    """Yield the words and numbers in a value."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from scalars(one)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def texts(node: Any) -> Iterator[str]:
    """Yield every word and number of what is rendered, names of fields included."""
    if isinstance(node, dict):
        yield from map(str, node)
    yield from (text for one in _inside(node) for text in texts(one))
    if not isinstance(node, dict | list):
        yield str(node)


def _inside(node: Any) -> list[Any]:
    return list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []


def test_every_value_is_set_somewhere() -> None:
    given = {path for values in SETS.values() for path, _ in leaves(values)}
    known = {path for path, _ in leaves(DEFAULTS)}
    # A map that is empty by default is set by its keys.
    missing = {path for path in known - APART if not any(one == path or one.startswith(f"{path}.") for one in given)}
    assert missing == set()


@pytest.mark.parametrize("values", SETS)
def test_what_is_set_is_found_in_what_is_rendered(values: str) -> None:
    rendered = "\n".join(text for one in objects(values) for text in texts(one))
    secrets = {path for path, _ in leaves(SETS[values]) if path.startswith("secret.")}  # in base64
    for path, value in leaves({key: part for key, part in SETS[values].items() if key != "extraObjects"}):
        looked_for = [TURNED[path]] if values == "every" and path in TURNED else list(scalars(value))
        if path not in secrets:
            assert [text for text in looked_for if text not in rendered] == [], path


def test_every_workload_takes_every_key_for_itself() -> None:
    keys = {key for key in SCHEMA if key.startswith(("extra", "pod"))} - {"extraObjects"}
    keys |= {"nodeSelector", "tolerations", "affinity", "priorityClassName", "dnsPolicy", "dnsConfig", "sidecars"}
    keys |= {"imagePullSecrets", "initContainers"}
    jobs = {"migrate", "backup"}
    for name in ("api", "workerDefaults", "beat", "flower", "redis", "cache", "postgres", *jobs):
        wanted = keys - {"sidecars"} if name in jobs else keys
        assert wanted <= set(SCHEMA[name]["properties"]) & set(EVERY[name]), name
    assert keys <= set(SCHEMA["workers"]["additionalProperties"]["properties"])


def test_a_workloads_own_come_to_those_of_all() -> None:
    made = pods("every")
    (api,) = [pod for name, pod in made.items() if name == "Deployment/technical-analysis"]
    assert [one["name"] for one in api["spec"]["imagePullSecrets"]] == ["pull-all", "pull-api"]
    assert api["spec"]["priorityClassName"] == "priority-api"
    assert api["metadata"]["labels"].items() >= {"example.org/all": "label-all", "example.org/api": "label-api"}.items()
    first = [one["name"] for one in api["spec"]["initContainers"]]
    assert first == ["init-all", "init-api", "wait-for-migrations"]
    for container in (api["spec"]["initContainers"][-1], api["spec"]["containers"][0]):
        assert {"/mnt/all", "/mnt/api"} <= {mount["mountPath"] for mount in container["volumeMounts"]}
    for name, pod in made.items():
        assert "pull-all" in [one["name"] for one in pod["spec"]["imagePullSecrets"]], name
        assert all(
            "registry.example.org/mirror" in one["image"] for one in containers(pod)[-1:] if "side-" not in one["name"]
        )


def test_whose_redis_it_is_says_where_it_is_found() -> None:
    told = {one["metadata"]["name"]: one for one in objects("elsewhere") if one["kind"] == "ConfigMap"}
    assert not {"BROKER_URL", "CACHE_URL"} & set(told["technical-analysis-config"]["data"])
    for name, pod in pods("elsewhere").items():
        for container in containers(pod):
            asked = {
                one["name"]: one.get("valueFrom", {}).get("secretKeyRef", {}).get("key") for one in container["env"]
            }
            assert asked.items() >= {"BROKER_URL": "BROKER_URL", "CACHE_URL": "CACHE_URL"}.items(), name


def test_a_file_of_yours_is_in_every_pod_that_asks_the_database() -> None:
    for name, pod in pods("elsewhere").items():
        for container in containers(pod):
            if any(one["name"] == "DATABASE_URL" for one in container["env"]):
                assert {"name": "ca", "mountPath": "/ca", "readOnly": True} in container["volumeMounts"], name


def test_openshift_gives_user_and_group() -> None:
    for pod in pods("elsewhere").values():
        assert pod["spec"]["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}


def test_the_archive_is_one_volume_for_all_who_write_it() -> None:
    for values, claim in (("every", "technical-analysis-archive"), ("elsewhere", "their-claim")):
        for name, pod in pods(values).items():
            writes = name == "Deployment/technical-analysis" or "-worker-" in name
            volumes = [
                one["persistentVolumeClaim"]["claimName"]
                for one in pod["spec"].get("volumes", [])
                if one["name"] == "archive"
            ]
            assert volumes == ([claim] if writes else []), name


def test_none_means_none() -> None:
    ml = get("elsewhere", "Deployment", "technical-analysis-worker-ml")
    assert ml["spec"]["replicas"] == 0
    (job,) = [one for one in objects("elsewhere") if one["kind"] == "Job"]
    assert "ttlSecondsAfterFinished" not in job["spec"]


def test_a_label_that_prometheus_selects_by_replaces_the_charts() -> None:
    more = ("--set", "monitoring.labels.app=kube-prometheus-stack,monitoring.labels.release=theirs")
    monitors = {"ServiceMonitor", "PodMonitor", "PrometheusRule"}
    made = [one for one in objects("production", *more) if one["kind"] in monitors]
    assert len(made) == len(monitors)
    for one in made:
        assert one["metadata"]["labels"].items() >= {"app": "kube-prometheus-stack", "release": "theirs"}.items()


@pytest.mark.parametrize(
    "image", ["redis:7.4.5", f"redis@sha256:{'ab' * 32}", f"docker.io/library/redis:7.4.5@sha256:{'ab' * 32}"]
)
def test_an_image_is_named_by_tag_or_digest_or_both(image: str) -> None:
    made = objects("default", "--set", f"redis.image={image},global.imageRegistry=mirror.example.org:5000/hub")
    (pod,) = [
        one["spec"]["template"] for one in made if one["metadata"]["name"] == "redis" and "template" in one["spec"]
    ]
    assert pod["spec"]["containers"][0]["image"] == f"mirror.example.org:5000/hub/{image.removeprefix('docker.io/')}"


FROM = {
    "DATABASE_URL": {"name": "cluster-app", "key": "uri"},
    "FLOWER_BASIC_AUTH": {"name": "flower", "key": "login"},
}


def test_a_key_may_be_another_secrets() -> None:
    """As an operator of PostgreSQL writes the address into a secret of its own."""
    more = ("--set-json", f"secret.from={json.dumps(FROM)}", "--set", "workerScaling=keda")
    asked = {key: set[tuple[str, str]]() for key in FROM}
    made = objects("production", *more)
    for one in made:
        for found in _references(one):
            if found["name"] in asked:
                source = found["valueFrom"]["secretKeyRef"]
                asked[found["name"]].add((source["name"], source["key"]))
    assert asked == {key: {(one["name"], one["key"])} for key, one in FROM.items()}
    (scaler,) = [one for one in made if one["kind"] == "TriggerAuthentication"]
    assert scaler["spec"]["secretTargetRef"] == [{"parameter": "connection", **FROM["DATABASE_URL"]}]
    backups = [one for one in made if one["kind"] == "CronJob"]
    assert [source for one in backups for source in _references(one)]


def _references(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict) and "valueFrom" in node:
        yield node
    for one in _inside(node):
        yield from _references(one)


def test_a_secret_of_the_charts_own_leaves_out_what_another_has() -> None:
    more = ("--set-json", f"secret.from={json.dumps(FROM)}", "--set", "secret.create=true,secret.existingSecret=")
    (secret,) = [one for one in objects("default", *more) if one["kind"] == "Secret"]
    assert set(secret["data"]) == {"SECRET_KEY", "JWT_SECRET"}


def test_a_spread_of_ones_own_replaces_the_charts_and_means_the_workloads_pods() -> None:
    for values, keys in (
        ("default", ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]),
        ("every", ["example.org/{}-rack"]),
    ):
        for name, pod in pods(values).items():
            if name == "Deployment/technical-analysis" or "-worker-" in name:
                who = "worker" if "-worker-" in name else "api"
                made = pod["spec"]["topologySpreadConstraints"]
                assert [one["topologyKey"] for one in made] == [key.format(who) for key in keys]
                assert all(
                    one["labelSelector"]["matchLabels"].items() <= pod["metadata"]["labels"].items() for one in made
                )
                assert all(len(one["labelSelector"]["matchLabels"]) >= 3 for one in made)


def test_a_host_that_is_given_twice_is_routed_once() -> None:
    host = "technical-analysis.example.com"
    made = objects("production", "--set", f"ingress.extraHosts={{{host},two.example.org}}")
    (ingress,) = [one["spec"] for one in made if one["kind"] == "Ingress"]
    assert [rule["host"] for rule in ingress["rules"]] == ingress["tls"][0]["hosts"] == [host, "two.example.org"]
