"""The list of what is in the image is valid CycloneDX, and nothing in it is without version and licence."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.chart.tools import ROOT


def written(folder: Path, *arguments: str) -> dict[str, Any]:
    target = folder / "sbom.json"
    command = [sys.executable, "-m", "scripts.write_sbom", "--output", str(target), *arguments]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(target.read_text()) is None
    document: dict[str, Any] = json.loads(target.read_text())
    return document


def test_every_distribution_has_version_licence_and_hashes(tmp_path: Path) -> None:
    components = written(tmp_path)["components"]
    pinned = set(
        re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==", (ROOT / "requirements/runtime.txt").read_text(), re.MULTILINE)
    )
    assert {one["name"] for one in components} == pinned | {"python"}
    for one in components:
        assert one["version"][0].isdigit()
        assert one["licenses"][0]["license"]["name"]
        assert one["name"] == "python" or one["externalReferences"][0]["hashes"], one["name"]


def test_the_systems_packages_come_out_of_the_images_files(tmp_path: Path) -> None:
    status = Path("/var/lib/dpkg/status")
    if not status.exists():
        pytest.skip("this is no Debian system, whose packages could be listed")
    components = written(tmp_path, "--root", "/")["components"]
    debian = [one for one in components if one["purl"].startswith("pkg:deb/debian/")]
    assert len(debian) == status.read_text().count("\nStatus: install ok installed\n")
    bash = next(one for one in debian if one["name"] == "bash")
    assert "GPL-3+" in bash["licenses"][0]["license"]["name"]
    assert [one["name"] for one in debian if not one["licenses"][0]["license"]["name"]] == []
