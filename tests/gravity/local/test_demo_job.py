"""The demo job asks for what the program accepts."""

from analysis import Plan
from gravity.local.client import ANALYSES
from gravity.local.demo_job import REQUEST
from gravity.local.table import row
from scans.management.commands import ensure_demo_scan


def test_what_the_demo_asks_for_is_a_plan_that_has_the_tables_columns() -> None:
    plan = Plan.parse(list(ANALYSES), timeframe=str(REQUEST["timeframe"]))
    asked: set[str] = set()

    class Columns(dict[str, list[float]]):
        def get(self, name: str, default: object = None) -> object:  # type: ignore[override]
            asked.add(name)
            return [1.0]

    row({"symbol": "A", "time": [], "columns": Columns(), "events": []})
    assert asked <= set(plan.keys)


def test_what_the_demo_scan_asks_for_is_a_plan() -> None:
    assert Plan.parse(ensure_demo_scan.ANALYSES, timeframe="1d").detects
