"""Helm takes over what kubectl applied: what is rendered is stored as it is sent, and equal to k8s/*.yaml."""

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from scripts.check_adoption import applied, called, empty, leaves, restated, stored, unequal
from scripts.write_manifests import is_hook
from tests.chart.render import VALUES, Object, get, objects, template


@pytest.mark.parametrize("values", VALUES)
def test_nothing_is_stored_in_another_form_than_it_is_sent_in(values: str) -> None:
    for one in objects(values):
        assert empty(one) == []
        assert restated(one) == []


@pytest.mark.parametrize(("values", "trial"), [("production", False), ("trial", True)])
def test_a_field_that_both_set_is_equal(values: str, trial: bool) -> None:
    there = applied(trial)
    common = [one for one in objects(values) if called(one) in there]
    assert trial or len(common) == len([one for one in objects(values) if not is_hook(one)])
    for one in common:
        fields, different = unequal(one, there[called(one)])
        assert fields > 5
        assert different == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("1024Mi", "1Gi"), ("1536Mi", "1536Mi"), ("0.5Gi", "512Mi"), ("1000m", "1"), ("250m", "250m"), ("0.5", "500m"),
        ("1000", "1k"), ("1500", "1500"), ("2", "2"), ("20Gi", "20Gi"), ("1000M", "1G"), ("2048Ki", "2Mi"),
        ("0", "0"),
    ],
)  # fmt: skip
def test_quantities_are_stored_with_the_largest_suffix(given: str, kept: str) -> None:
    assert stored(given) == kept
    assert stored(kept) == kept


def test_numbers_of_an_autoscaler_are_written_as_they_are_stored() -> None:
    more = (
        "--set",
        "api.autoscaling.requestsPerSecond=2000000",
        "--set",
        "workerDefaults.autoscaling.chunksPerPod=1500",
    )
    for one in objects("metric", *more):
        assert restated(one) == []


ODD = {"cpu": "0.5", "memory": "1.5Gi", "ephemeral-storage": "2000M"}
PLAIN = {"cpu": "500m", "memory": "1536Mi", "ephemeral-storage": "2G"}
LIMITED = ("api", "workerDefaults", "workers.maintenance", "beat", "flower", "migrate", "redis", "cache", "postgres")
STORING = ("redis.storage", "postgres.storage", "backup.storage", "archive.persistence.storage")


def test_quantities_of_ones_own_are_written_as_they_are_stored() -> None:
    """Else who applies what `make manifests` made of them, and then installs, has a conflict with himself."""
    given: Object = {f"{who}.resources": {"requests": ODD, "limits": {**ODD, "cpu": "1000m"}} for who in LIMITED}
    given |= dict.fromkeys(STORING, "2048Mi")
    more = [word for path, value in given.items() for word in ("--set-json", f"{path}={json.dumps(value)}")]
    more += ["--set", "backup.enabled=true,archive.persistence.enabled=true"]
    made = objects("trial", *more)
    for one in made:
        assert restated(one) == []
    text = json.dumps(made)
    assert text.count(json.dumps({"limits": {**PLAIN, "cpu": "1"}, "requests": PLAIN}, sort_keys=True)[1:-1]) > len(
        LIMITED
    )
    assert text.count('"storage": "2Gi"') == len(STORING)


@pytest.mark.parametrize("helm", ["helm", "helm3"])
def test_a_quantity_may_be_a_number_as_in_every_other_manifest(tmp_path: Path, helm: str) -> None:
    numbers = "{requests: {cpu: 0.5, memory: 1610612736}, limits: {cpu: 2, memory: 2147483648}}"
    (tmp_path / "values.yaml").write_text(
        f"redis: {{resources: {numbers}}}\nworkerDefaults: {{resources: {numbers}}}\n"
    )
    done = template("-f", str(tmp_path / "values.yaml"), helm=helm)
    assert done.returncode == 0, done.stderr
    made = {called(one): one for one in yaml.safe_load_all(done.stdout) if one}
    for name in ("Deployment/redis", "Deployment/technical-analysis-worker-ml"):
        container = made[name]["spec"]["template"]["spec"]["containers"][0]
        assert container["resources"] == {
            "requests": {"cpu": "500m", "memory": "1610612736"},
            "limits": {"cpu": "2", "memory": "2147483648"},
        }
    assert "1433mb" in made["Deployment/redis"]["spec"]["template"]["spec"]["containers"][0]["args"]


FORMS = ("0.1", "0.001", "1.1", "1.005", "100m", "2000m", "1500", "1000k", "0.25Gi", "1.5Ti", "1024Gi", "0.5Mi", "0")


def test_every_form_of_a_quantity_is_written_as_it_is_stored() -> None:
    places = [(who, bound) for who in ("api", "beat", "flower", "redis", "cache") for bound in ("requests", "limits")]
    places += [("migrate", "requests"), ("migrate", "limits"), ("workers.ml", "requests")]
    given = dict(zip(places, FORMS, strict=True))
    made = objects(
        "default",
        *(
            word
            for (who, bound), form in given.items()
            for word in ("--set-string", f"{who}.resources.{bound}.ephemeral-storage={form}")
        ),
    )
    pods = [one["spec"]["template"]["spec"] for one in made if "template" in one.get("spec", {})]
    resources = [container["resources"] for pod in pods for container in pod["containers"]]
    found = {bounds.get("ephemeral-storage") for one in resources for bounds in one.values()}
    assert {stored(form) for form in FORMS} == found - {None}


def _memory(one: Object) -> None:
    one["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]["memory"] = "1024Mi"


def _nothing(one: Object) -> None:
    one["spec"]["template"]["spec"]["containers"][0]["args"] = []


@pytest.mark.parametrize("spoil", [_memory, _nothing])
def test_what_breaks_the_law_is_found(spoil: Callable[[Object], None]) -> None:
    one = get("production", "Deployment", "technical-analysis")
    assert empty(one) + restated(one) == []
    spoil(one)
    assert len(empty(one) + restated(one)) == 1


def test_entries_of_a_list_are_compared_by_their_names() -> None:
    one = get("production", "Deployment", "technical-analysis")
    other = copy.deepcopy(one)
    other["spec"]["template"]["spec"]["containers"][0]["env"].reverse()
    assert unequal(one, other)[1] == []
    changed = other["spec"]["template"]["spec"]["containers"][0]["env"][0]
    changed["value"] = "another"
    (different,) = unequal(one, other)[1]
    assert f"containers[technical-analysis].env[{changed['name']}].value" in different
    assert ("metadata.name", "technical-analysis") in list(leaves(one))
