"""Of two installations that one Prometheus sees, neither sets the other's alerts off nor keeps them quiet."""

import re
from pathlib import Path

import pytest
import yaml

from tests.alerts.names import metrics_in
from tests.chart.render import NAMESPACE, Object, template
from tests.chart.tools import run

OTHERS = ("container_", "kube_")  # the cluster's own, which are joined to ours by namespace


def rules(release: str = "technical-analysis") -> Object:
    """Return what a release tells Prometheus."""
    made = yaml.safe_load_all(template("--set", "monitoring.enabled=true", release=release).stdout)
    (found,) = [one for one in made if one and one["kind"] == "PrometheusRule"]
    spec: Object = found["spec"]
    return spec


def labels(release: str) -> set[str]:
    """Return what a release's monitors write beside what they scrape."""
    made = yaml.safe_load_all(template("--set", "monitoring.enabled=true", release=release).stdout)
    monitors = [one["spec"] for one in made if one and one["kind"] in ("ServiceMonitor", "PodMonitor")]
    ends = [end for spec in monitors for end in spec.get("endpoints", []) + spec.get("podMetricsEndpoints", [])]
    assert len(ends) == 2
    return {f"{one['targetLabel']}={one['replacement']}" for end in ends for one in end["relabelings"]}


@pytest.mark.parametrize("release", ["technical-analysis", "blue"])
def test_every_rule_reads_what_its_own_monitors_wrote(release: str) -> None:
    mine = f'namespace="{NAMESPACE}",release="{release}"'
    assert labels(release) == {f"release={release}"}
    for group in rules(release)["groups"]:
        for rule in group["rules"]:
            for name in metrics_in(rule["expr"]):
                wanted = r"\{[^}]*" if name.startswith(OTHERS) else rf"\{{[^}}]*{mine}"
                found = re.findall(rf"(?<![\w\"]){name}\b(?!\()(?!{wanted})", rule["expr"])
                assert not found, rule
            if "alert" in rule:
                assert rule["labels"].items() >= {"namespace": NAMESPACE, "release": release}.items()


TEST = """
rule_files: [rules.yaml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {{ series: 'beat_last_tick_seconds{{namespace="{namespace}",release="blue"}}', values: '0+60x30' }}
      - series: 'beat_last_tick_seconds{{namespace="{namespace}",release="technical-analysis"}}'
        values: '0+60x10 600x20'
      - {{ series: 'beat_last_tick_seconds{{namespace="staging",release="technical-analysis"}}', values: '0+60x30' }}
    alert_rule_test:
      - eval_time: 20m
        alertname: BeatSilent
        exp_alerts: {expected}
"""


@pytest.mark.parametrize(("release", "silent"), [("technical-analysis", True), ("blue", False)])
def test_a_beat_that_ticks_elsewhere_hides_none_that_does_not(tmp_path: Path, release: str, silent: bool) -> None:
    spec = rules(release)
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(spec))
    (alert,) = [one for group in spec["groups"] for one in group["rules"] if one.get("alert") == "BeatSilent"]
    expected = [{"exp_labels": alert["labels"], "exp_annotations": alert["annotations"]}] if silent else []
    text = TEST.format(namespace=NAMESPACE, expected=yaml.safe_dump(expected, default_flow_style=True, width=9999))
    (tmp_path / "test.yaml").write_text(text)
    done = run("promtool", "test", "rules", str(tmp_path / "test.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_autoscaler_counts_the_chunks_of_its_own_release() -> None:
    metric = "workerScaling=metric,workers.ml.autoscaling.chunksPerPod=50"
    for monitored in (True, False):
        done = template("--set", f"{metric},monitoring.enabled={str(monitored).lower()}", release="blue")
        scalers = [
            one["spec"] for one in yaml.safe_load_all(done.stdout) if one and one["kind"].startswith("Horizontal")
        ]
        asked = [
            metric["external"]["metric"]["selector"]["matchLabels"]
            for one in scalers
            for metric in one["metrics"]
            if "external" in metric
        ]
        assert len(asked) == 4
        # Who scrapes by other means has no such label.
        assert {one.get("release") for one in asked} == {"blue" if monitored else None}
