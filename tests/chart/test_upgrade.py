"""An upgrade changes no field that Kubernetes refuses to change, and a rolling update takes nothing away."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.chart.render import NAMESPACE, VALUES, Object, get, name, objects
from tests.chart.tools import CHART, run

# The unchangeable fields of the first release; later ones are compared with it.
FIRST = Path(__file__).with_name("immutable.json")
FIXED = {
    "Deployment": ("selector",),
    "PersistentVolumeClaim": ("accessModes", "storageClassName"),
    "StatefulSet": ("selector", "serviceName", "volumeClaimTemplates"),
    "Service": ("clusterIP", "type"),
    "RoleBinding": (),
}


def fixed(made: list[Object]) -> dict[str, Object]:
    """Return the fields of the objects that cannot be changed."""
    found = {}
    for one in made:
        if one["kind"] in FIXED:
            found[name(one)] = {field: one["spec"].get(field) for field in FIXED[one["kind"]]}
        if one["kind"] == "RoleBinding":
            found[name(one)] = {"roleRef": one["roleRef"]}
    return found


def test_nothing_unchangeable_differs_from_the_first_release() -> None:
    now = fixed(objects("production")) | fixed(objects("trial"))
    first = json.loads(FIRST.read_text())
    assert {key: value for key, value in now.items() if key in first} == first


def test_a_new_image_changes_no_selector_and_makes_a_new_job() -> None:
    more = ("--set", "image.tag=v1.2.0", "--set", "config.LOG_LEVEL=DEBUG")
    assert fixed(objects("production", *more)) == fixed(objects("production"))
    assert job(objects("production", *more)) != job(objects("production"))


def test_the_jobs_name_tells_whatever_its_pods_are() -> None:
    # A Job's pods cannot be changed either: another limit must mean another Job.
    assert job(objects("default", "--set", "migrate.resources.limits.memory=1Gi")) != job(objects("default"))
    assert job(objects("default", "--set", "api.processes=4")) == job(objects("default"))


def job(made: list[Object]) -> str:
    return next(one["metadata"]["name"] for one in made if one["kind"] == "Job")


def test_rolling_updates_take_no_pod_away_first() -> None:
    for one in objects("production"):
        if one["kind"] == "Deployment":
            called = one["metadata"]["name"]
            rolling = called == "technical-analysis" or "-worker-" in called
            if rolling:
                assert one["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}


def test_the_configuration_is_part_of_the_pod() -> None:
    def checksum(*more: str) -> str:
        (api,) = [one for one in objects("default", *more) if name(one) == "Deployment/technical-analysis"]
        return str(api["spec"]["template"]["metadata"]["annotations"]["checksum/config"])

    assert checksum() != checksum("--set", "config.LOG_LEVEL=DEBUG")
    assert checksum() != checksum("--set", "models.version=9.9.9")
    assert get("default", "Deployment", "technical-analysis-beat")["spec"]["strategy"] == {"type": "Recreate"}


ADDRESSES = ("databaseUrl", "brokerUrl", "cacheUrl")


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_address_in_the_charts_secret_reaches_the_pods(address: str) -> None:
    """And the migrations: another database has none."""

    def made(*more: str) -> dict[str, Object]:
        return {name(one): one for one in objects("elsewhere", *more)}

    def pod(one: Object) -> str:
        return json.dumps(one["spec"]["template"], sort_keys=True)

    scheme = "postgresql" if address == "databaseUrl" else "redis"
    now, then = made(), made("--set", f"secret.{address}={scheme}://another.example.org/1")
    program = [one for one in now if one.startswith("Deployment/technical-analysis")]
    assert len(program) == 7
    for one in program:
        assert pod(now[one]) != pod(then[one]), one
    assert job(list(now.values())) != job(list(then.values()))
    assert "another" not in json.dumps([then[one] for one in program])


def of_version(version: str, folder: Path) -> list[Object]:
    """Return a trial by another version of the chart."""
    shutil.copytree(CHART, folder / "chart")
    card = (CHART / "Chart.yaml").read_text()
    card = card.replace("version: 1.1.0", f"version: {version}").replace('"1.1.0"', f'"{version}"')
    (folder / "chart" / "Chart.yaml").write_text(card)
    done = run("helm", "template", "technical-analysis", str(folder / "chart"), "-n", NAMESPACE, *VALUES["trial"])
    assert done.returncode == 0, done.stderr
    assert "technical-analysis-1.1.0\n" not in done.stdout
    return [one for one in yaml.safe_load_all(done.stdout) if one]


def test_a_build_of_ones_own_has_labels_that_kubernetes_takes(tmp_path: Path) -> None:
    version = "1.1.0+" + "a-build-of-the-desk." * 4
    labels = [
        label for one in of_version(version.rstrip("."), tmp_path) for label in one["metadata"]["labels"].values()
    ]
    assert [label for label in labels if not re.fullmatch(r"[\w.-]{1,62}\w", label)] == []


def test_another_version_of_the_chart_ends_no_broker_cache_or_database(tmp_path: Path) -> None:
    """They have one pod each, and everything waits until it is back."""
    then = {name(one): one for one in of_version("1.1.1", tmp_path)}
    now = {name(one): one for one in objects("trial")}
    for store in ("Deployment/redis", "Deployment/redis-cache", "StatefulSet/postgres"):
        assert now[store]["spec"] == then[store]["spec"]
        assert now[store]["metadata"] != then[store]["metadata"]
