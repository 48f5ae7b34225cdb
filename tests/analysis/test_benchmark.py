"""The second series: aligned on time, unknown where it has no bar, a note where it is missing."""

from collections.abc import Iterator

import numpy as np
import pytest

from analysis import Plan, run
from analysis.arrays import Floats
from analysis.catalog import registry
from analysis.catalog.entry import UNKNOWN, Entry, Output
from analysis.validation import entry_checks, series
from tests.analysis.shipped import demo


def spread(source: Floats, benchmark: Floats, /) -> Floats:
    """Return the series over the second series."""
    return source / benchmark


@pytest.fixture(autouse=True)
def _entry() -> Iterator[None]:
    registry.add(
        Entry(
            name="spread_of_two",
            title="Spread",
            category="statistics",
            inputs=("source", "benchmark"),
            outputs=(Output("value", "ratio", constant_value=UNKNOWN, settled_value=UNKNOWN),),
            params=(),
            warmup=lambda p: 0,
            history="window",
            source="a test",
            compute=spread,
        )
    )
    yield
    del registry.ENTRIES["spread_of_two"]


def test_it_is_aligned_on_time_and_unknown_where_it_has_no_bar() -> None:
    bars, other = series.walk(40), series.walk(60, 2)
    kept = np.arange(60) % 5 != 3
    gaps = series.changed(
        other, **{name: getattr(other, name)[kept] for name in ("time", "open", "high", "low", "close", "volume")}
    )
    got = run(Plan.parse(["spread_of_two"]), bars, benchmark=gaps, now_ns=entry_checks.LATER_NS)["spread_of_two"]
    expected = np.where(kept, 1.0, np.nan)[:40] * bars.close / other.close[:40]
    assert np.array_equal(got, expected, equal_nan=True)


def test_without_it_the_values_are_unknown_and_a_note_says_why() -> None:
    plan = Plan.parse(["spread_of_two", "rsi"])
    result = run(plan, series.walk(40), now_ns=entry_checks.LATER_NS)
    assert np.isnan(result["spread_of_two"]).all()
    assert [note["code"] for note in result.quality if note["entry"] == "spread_of_two"] == ["no_benchmark"]
    elsewhere = series.changed(series.walk(40), time=series.walk(40).time + 1)
    result = run(plan, series.walk(40), benchmark=elsewhere, now_ns=entry_checks.LATER_NS)
    assert [note["code"] for note in result.quality if note["entry"] == "spread_of_two"] == ["no_benchmark"]


def test_on_a_higher_timeframe_both_are() -> None:
    bars, other = demo("AAPL", 300), demo("MSFT", 300)
    result = run(Plan.parse(["spread_of_two@1w", "close@1w"]), bars, benchmark=other, now_ns=entry_checks.LATER_NS)
    weekly = run(Plan.parse(["close@1w"]), other, now_ns=entry_checks.LATER_NS)
    assert result["spread_of_two@1w"][-1] == pytest.approx(result["close@1w"][-1] / weekly["close@1w"][-1])
