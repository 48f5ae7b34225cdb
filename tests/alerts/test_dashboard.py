"""The dashboard can be imported, has the guide's panels, and no two panels lie on each other."""

import json
import re
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.chart.render import get
from tests.chart.tools import CHART, run

DASHBOARD: dict[str, Any] = json.loads((CHART / "files" / "dashboard.json").read_text())
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
GUIDE = (
    "Request rate (req/s)",
    "Response time P95/P99",
    "Error rate %",
    "ML inference latency",
    "Pattern detection count",
    "Cache hit rate",
    "CPU usage",
    "Memory usage",
)


def test_the_guides_panels_come_first() -> None:
    titles = [panel["title"] for panel in PANELS]
    assert tuple(titles[: len(GUIDE)]) == GUIDE
    assert len(set(titles)) == len(titles)


def test_every_panel_asks_the_source_that_is_chosen() -> None:
    chosen, namespace = DASHBOARD["templating"]["list"]
    assert namespace["datasource"] == {"type": chosen["query"], "uid": f"${{{chosen['name']}}}"}
    source = {"type": chosen["query"], "uid": f"${{{chosen['name']}}}"}
    for panel in PANELS:
        assert panel["datasource"] == source
        assert panel["fieldConfig"]["defaults"]["unit"]
        references = [target["refId"] for target in panel["targets"]]
        assert len(set(references)) == len(references) > 0
        assert all(target["datasource"] == source for target in panel["targets"])


def test_every_panel_looks_at_the_namespaces_that_are_chosen() -> None:
    namespace = DASHBOARD["templating"]["list"][1]
    assert namespace["allValue"] == ".*"  # also what has no namespace, as under compose.yaml
    for panel in PANELS:
        for target in panel["targets"]:
            chosen = target["expr"].count('namespace=~"$namespace"')
            assert chosen == len(re.findall(r"\w\{", target["expr"])) > 0, panel["title"]


def test_panels_leave_out_the_probes_as_the_alerts_do() -> None:
    asked = [target["expr"] for panel in PANELS for target in panel["targets"]]
    requests = [one for expr in asked for one in re.findall(r"http_request\w*\{([^}]*)\}", expr)]
    assert len(requests) >= 5
    assert [one for one in requests if 'route!~"/health.*|/metrics"' not in one] == []


def expression(title: str) -> str:
    """Return what a panel asks when all namespaces are chosen."""
    (panel,) = [one for one in PANELS if one["title"] == title]
    return str(panel["targets"][0]["expr"]).replace("$namespace", ".*")


CASES = {
    "no request has failed: 0, not nothing": (
        "Error rate %",
        {'http_requests_total{status="200",route="/api/v1/jobs"}': "0+60x20"},
        [("{}", 0)],
    ),
    "every fourth has": (
        "Error rate %",
        {
            'http_requests_total{status="200",route="/api/v1/jobs"}': "0+45x20",
            'http_requests_total{status="503",route="/api/v1/jobs"}': "0+15x20",
            'http_requests_total{status="503",route="/health/ready"}': "0+90x20",
        },
        [("{}", 0.25)],
    ),
    "a pattern's first event counts": (
        "Pattern detection count",
        {'patterns_detected_total{pattern="doji",pod="a"}': "_x8 1x12"},
        [('{pattern="doji"}', 1)],
    ),
    "and later ones do once": (
        "Pattern detection count",
        {
            'patterns_detected_total{pattern="doji",pod="a"}': "0+1x20",
            'patterns_detected_total{pattern="doji",pod="b"}': "_x8 3x12",
        },
        [('{pattern="doji"}', 8)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_panel_shows(case: str, tmp_path: Path) -> None:
    title, series, expected = CASES[case]
    test = {
        "interval": "1m",
        "input_series": [{"series": one, "values": values} for one, values in series.items()],
        "promql_expr_test": [
            {
                "expr": expression(title),
                "eval_time": "10m",
                "exp_samples": [{"labels": labels, "value": value} for labels, value in expected],
            }
        ],
    }
    (tmp_path / "panel.yaml").write_text(yaml.safe_dump({"evaluation_interval": "1m", "tests": [test]}))
    done = run("promtool", "test", "rules", str(tmp_path / "panel.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_two_panels_lie_on_each_other() -> None:
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    places = [panel["gridPos"] for panel in PANELS]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below
    assert all((a["y"], a["x"]) < (b["y"], b["x"]) for a, b in pairwise(places))


def test_the_chart_carries_the_same_file() -> None:
    (text,) = get("production", "ConfigMap", "technical-analysis-dashboard")["data"].values()
    assert json.loads(text) == DASHBOARD
    assert len(text) < 2**20  # what a ConfigMap holds
