"""The chart as a part of another one, which is how many keep what belongs together."""

import shutil
from pathlib import Path

import pytest
import yaml

from tests.chart.render import NAMESPACE, name, template
from tests.chart.tools import CHART, run

PARENT = {
    "apiVersion": "v2",
    "name": "desk",
    "version": "0.1.0",
    "dependencies": [{"name": CHART.name, "version": ">=0", "condition": f"{CHART.name}.enabled"}],
}


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    """A chart with ours in it."""
    shutil.copytree(CHART, tmp_path / "charts" / CHART.name)
    (tmp_path / "Chart.yaml").write_text(yaml.safe_dump(PARENT))
    (tmp_path / "values.yaml").write_text(yaml.safe_dump({"global": {"storageClass": "of-others"}}))
    return tmp_path


@pytest.mark.parametrize("helm", ["helm", "helm3"])
def test_it_can_be_a_part_and_be_left_out(parent: Path, helm: str) -> None:
    def made(enabled: str) -> set[str]:
        done = run(helm, "template", "desk", str(parent), "-n", NAMESPACE, "--set", f"{CHART.name}.enabled={enabled}")
        assert done.returncode == 0, done.stderr
        return {name(one) for one in yaml.safe_load_all(done.stdout) if one}

    assert {"Deployment/desk-technical-analysis", "Service/desk-technical-analysis-redis-service"} <= made("true")
    assert made("false") == set()


def test_alone_it_is_never_left_out() -> None:
    done = template("--set", "enabled=false")
    assert done.returncode != 0
    assert "/enabled" in done.stderr
