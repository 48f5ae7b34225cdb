"""hadolint and checkov find nothing that is not explained."""

import json
from pathlib import Path

import yaml

from tests.chart.render import VALUES, template
from tests.chart.tools import ROOT, need, run

EXPLAINED = ROOT / ".checkov.yaml"


def test_hadolint_is_content() -> None:
    done = run("hadolint", "Dockerfile")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_explanation_has_its_reason() -> None:
    lines = [line for line in EXPLAINED.read_text().splitlines() if line.startswith("  - ")]
    assert lines
    assert [line for line in lines if len(line.partition(" # ")[2]) < 20] == []


def test_checkov_finds_what_is_explained_and_nothing_else(tmp_path: Path) -> None:
    need("checkov")
    for values in ("production", "trial"):
        (tmp_path / f"{values}.yaml").write_text(template(*VALUES[values]).stdout)
    (tmp_path / "Dockerfile").write_text((ROOT / "Dockerfile").read_text())
    # In a folder of its own, for in ours it would read the file of explanations.
    arguments = ("--compact", "--quiet", "--skip-download", "--output", "json")
    done = run(
        "checkov", "--directory", str(tmp_path), "--framework", "kubernetes", "dockerfile", *arguments, cwd=tmp_path
    )
    reports = json.loads(done.stdout)
    found = {check["check_id"] for report in reports for check in report["results"]["failed_checks"]}
    assert all(report["summary"]["passed"] > 50 for report in reports)
    assert found == set(yaml.safe_load(EXPLAINED.read_text())["skip-check"])
