"""What docs/versions.md promises: what a release offered, the next ones offer."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from scripts.release_check import ROOT
from tests.architecture.released import FOLDER, offered

RELEASES = sorted(FOLDER.glob("*.json"))
# What went nevertheless: (kind, name), with the reason beside it.
GONE: dict[tuple[str, str], str] = {}


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_what_a_release_offered_is_there(release: Path) -> None:
    now = {kind: set(names) for kind, names in offered().items()}
    missing = [
        f"{kind}: {name}"
        for kind, names in json.loads(release.read_text()).items()
        for name in names
        if name not in now[kind] and (kind, name) not in GONE
    ]
    assert not missing


def test_there_is_a_release_and_it_offered_something() -> None:
    assert RELEASES
    for release in RELEASES:
        assert all(len(names) > 20 for names in json.loads(release.read_text()).values())


def test_the_page_names_what_is_supported() -> None:
    page = (ROOT / "docs" / "versions.md").read_text()
    low, high = re.findall(
        r"3\.(\d+)", tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    )
    pythons = [f"3.{minor}" for minor in range(int(low), int(high))]
    assert f"Python {', '.join(pythons[:-1])} and {pythons[-1]};" in page
    django = re.search(r"^django>=([\d.]+),", (ROOT / "requirements" / "runtime.in").read_text(), re.MULTILINE)
    assert django is not None
    assert f"Django {django[1]}," in page
    chart = yaml.safe_load((ROOT / "helm" / "technical-analysis" / "Chart.yaml").read_text())
    assert f"Kubernetes {re.findall(r'[0-9]+[.][0-9]+', chart['kubeVersion'])[0]} and later" in page


def test_what_the_page_points_to_is_there() -> None:
    page = (ROOT / "docs" / "versions.md").read_text()
    named = re.findall(r"`((?:tests/)[\w/]+\.py)`", page)
    assert len(named) >= 3
    assert all((ROOT / name).exists() for name in named)
