"""Every alert fires when it should and keeps quiet when it should; every rule is read by promtool itself."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.chart.tools import CHART, ROOT, run

RULES = CHART / "files" / "rules.yaml"
HERE = Path(__file__).parent
GUIDE = {
    "HighErrorRate": "5m",
    "HighResponseTime": "10m",
    "PodDown": "2m",
    "HighCPUUsage": "10m",
    "HighMemoryUsage": "10m",
    "LowCacheHitRate": "15m",
    "SlowMLInference": "10m",
}
OURS = {"QueueStuck", "WorkersLost", "BeatSilent", "OutboxLag", "RetentionLate", "BrokerEvicting", "BrokerFull"} | {
    "ScanCoverageLow",
    "BrokerGarbage",
    "StorageQuotaNear",
    "ModelStale",
    "HoldForgotten",
    "ModelWorseThanChance",
    "TrainingsFail",
}


def alerts() -> dict[str, dict[str, Any]]:
    """Return the alerts by name."""
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"] if "alert" in rule}


ALERTS = sorted(alerts())


def test_these_alerts_and_no_others() -> None:
    assert set(ALERTS) == set(GUIDE) | OURS
    assert {name: alerts()[name]["for"] for name in GUIDE} == GUIDE
    assert {path.stem for path in HERE.glob("*.yaml")} == set(ALERTS) | {"records"}


def test_promtool_reads_the_rules() -> None:
    done = run("promtool", "check", "rules", str(RULES))
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_the_autoscaler_counts_by() -> None:
    done = run("promtool", "test", "rules", str(HERE / "records.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_fires_and_keeps_quiet(alert: str) -> None:
    path = HERE / f"{alert}.yaml"
    done = run("promtool", "test", "rules", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    scenarios = yaml.safe_load(path.read_text())["tests"]
    moments = [[moment.get("exp_alerts", []) for moment in one["alert_rule_test"]] for one in scenarios]
    assert any(any(seen) for seen in moments), "it never fires"
    assert sum(not any(seen) for seen in moments) >= 2, "fewer than two scenarios in which it keeps quiet"


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_has_an_owner_and_a_page(alert: str) -> None:
    rule = alerts()[alert]
    assert set(rule["labels"]) == {"severity", "owner"}
    base, _, name = rule["annotations"]["runbook_url"].rpartition("/")
    assert base == yaml.safe_load((CHART / "values.yaml").read_text())["monitoring"]["runbooks"]
    page = ROOT / "docs" / "runbooks" / name
    text = page.read_text()
    assert text.startswith(f"# {alert}\n")
    wanted = ["## What it means", "## What to look at", "## What to do", "## When it is over"]
    assert [line for line in text.splitlines() if line.startswith("## ")] == wanted
    assert "```bash" in text


def test_no_page_is_left_over() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "runbooks").glob("*.md")} - {"README"}
    assert pages == set(ALERTS)
