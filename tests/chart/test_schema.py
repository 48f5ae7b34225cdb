"""Every object is what Kubernetes 1.25 and the newest accept; a kind that nobody knows fails."""

import json
from typing import Any

import pytest

from tests.chart import custom
from tests.chart.render import VALUES, Object, name, objects, template

OLDEST = "1.25"


def versions() -> list[str]:
    validate = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    return [OLDEST, validate.latest_version()]


def check(one: Object, version: str) -> None:
    """Raise unless the object is valid, against its own schema or that of its custom resource."""
    validate: Any = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    if custom.is_custom(one):
        custom.validate(one)
    else:
        validate.validate(one, version, strict=True)


_valid: set[tuple[str, str]] = set()


@pytest.mark.parametrize("values", VALUES)
def test_every_object_is_valid(values: str) -> None:
    for version in versions():
        for one in objects(values):
            known = (version, json.dumps(one, sort_keys=True))
            if known in _valid:  # most objects are the same for most values
                continue
            try:
                check(one, version)
                _valid.add(known)
            except Exception as error:
                pytest.fail(f"{name(one)} in {version}: {error}")


# Since when each is served without being switched on; the oldest schemas to be had are those of 1.25.
SERVED = {
    ("apps/v1", 9), ("batch/v1", 21), ("networking.k8s.io/v1", 19), ("policy/v1", 21), ("autoscaling/v2", 23),
    ("rbac.authorization.k8s.io/v1", 8), ("v1", 0),
}  # fmt: skip


def test_1_24_is_enough_and_less_is_refused() -> None:
    assert template("--kube-version", "1.24.0").returncode == 0
    assert "1.24.0" in template("--kube-version", "1.23.17").stderr
    known = {version for version, minor in SERVED if minor <= 24}
    for values in VALUES:
        assert {one["apiVersion"] for one in objects(values) if not custom.is_custom(one)} <= known


def test_what_is_wrong_is_found() -> None:
    good = objects("production")
    assert versions()
    unknown = {"apiVersion": "example.com/v1", "kind": "Nonsense", "metadata": {"name": "x"}}
    misspelt = next(one for one in good if one["kind"] == "Deployment")
    misspelt["spec"]["template"]["spec"]["contaners"] = []
    monitor = next(one for one in good if one["kind"] == "PodMonitor")
    monitor["spec"]["endpoints"] = []
    for bad in (unknown, misspelt, monitor):
        with pytest.raises(Exception) as caught:
            check(bad, OLDEST)
        assert not isinstance(caught.value, pytest.fail.Exception)
