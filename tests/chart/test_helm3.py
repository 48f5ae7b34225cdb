"""Helm 3 renders the same objects as Helm 4."""

import pytest
import yaml

from tests.chart.render import VALUES, Object, name, objects, template
from tests.chart.tools import CHART, run


def plain(made: list[Object]) -> list[Object]:
    """Return the objects in one order, without what is drawn again each time."""
    fixed = [{**one, "data": sorted(one["data"])} if one["kind"] == "Secret" else one for one in made]
    return sorted(fixed, key=name)


def test_it_is_helm_3() -> None:
    assert run("helm3", "version", "--short").stdout.startswith("v3.")
    assert run("helm", "version", "--short").stdout.startswith("v4.")


@pytest.mark.parametrize("values", VALUES)
def test_both_render_the_same(values: str) -> None:
    done = template(*VALUES[values], helm="helm3")
    assert done.returncode == 0, done.stderr
    made = [one for one in yaml.safe_load_all(done.stdout) if one]
    assert plain(made) == plain(objects(values))


def test_both_lint_it_and_refuse_the_same() -> None:
    done = run("helm3", "lint", "--strict", str(CHART))
    assert done.returncode == 0, done.stdout
    for wrong in ("nonsense=1", "api.replicas=3", "image.tag=", "api.processes=-2"):
        assert template("--set", wrong, helm="helm3").returncode != 0, wrong
