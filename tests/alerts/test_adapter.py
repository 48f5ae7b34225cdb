"""What the adapter tells autoscalers of a queue is its depth, and nothing of a queue that staff have paused."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.chart.tools import ROOT, run

ADAPTER = yaml.safe_load((ROOT / "monitoring" / "prometheus-adapter.yaml").read_text())["rules"]
(DEPTH,) = ADAPTER["external"]


def asked(queue: str) -> str:
    """Return the query as the adapter writes it for a queue's autoscaler."""
    text = str(DEPTH["metricsQuery"]).replace("<<.Series>>", DEPTH["name"]["matches"].strip("^$"))
    return text.replace("<<.LabelMatchers>>", f'namespace="n",queue="{queue}"')


@pytest.mark.parametrize(
    ("queue", "paused", "depth"),
    [("ml", None, 7), ("ml", 0, 7), ("ml", 1, 0), ("maintenance", None, 7), ("ml", "of another namespace", 7)],
)
def test_a_paused_queue_counts_as_empty(tmp_path: Path, queue: str, paused: Any, depth: int) -> None:
    series = [{"series": f'queue_depth{{namespace="n",queue="{queue}",pod="{pod}"}}', "values": "7x5"} for pod in "ab"]
    if paused is not None:
        elsewhere = isinstance(paused, str)
        labels = f'namespace="{"m" if elsewhere else "n"}",queue="{queue}",pod="a"'
        series.append({"series": f"queue_paused{{{labels}}}", "values": f"{1 if elsewhere else paused}x5"})
    expected = {"labels": f'{{queue="{queue}"}}', "value": depth}
    test = {"expr": asked(queue), "eval_time": "3m", "exp_samples": [expected]}
    tests = [{"interval": "1m", "input_series": series, "promql_expr_test": [test]}]
    path = tmp_path / "test.yaml"
    path.write_text(yaml.safe_dump({"rule_files": [], "evaluation_interval": "1m", "tests": tests}))
    done = run("promtool", "test", "rules", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
