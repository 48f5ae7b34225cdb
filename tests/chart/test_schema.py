"""Every object is what Kubernetes 1.25 and the newest accept; a kind that nobody knows fails."""

from typing import Any

import pytest

from tests.chart import custom
from tests.chart.render import VALUES, Object, name, objects

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


@pytest.mark.parametrize("values", VALUES)
def test_every_object_is_valid(values: str) -> None:
    for version in versions():
        for one in objects(values):
            try:
                check(one, version)
            except Exception as error:
                pytest.fail(f"{name(one)} in {version}: {error}")


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
