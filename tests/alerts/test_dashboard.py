"""The dashboard can be imported, has the guide's panels, and no two panels lie on each other."""

import json
from itertools import combinations, pairwise
from typing import Any

from tests.chart.render import get
from tests.chart.tools import CHART

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
    (chosen,) = DASHBOARD["templating"]["list"]
    source = {"type": chosen["query"], "uid": f"${{{chosen['name']}}}"}
    for panel in PANELS:
        assert panel["datasource"] == source
        assert panel["fieldConfig"]["defaults"]["unit"]
        references = [target["refId"] for target in panel["targets"]]
        assert len(set(references)) == len(references) > 0
        assert all(target["datasource"] == source for target in panel["targets"])


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
