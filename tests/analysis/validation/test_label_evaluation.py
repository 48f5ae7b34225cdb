"""What people marked against what is found: overlap, date-matched chance, and goals."""

from collections.abc import Callable
from math import inf
from pathlib import Path

import numpy as np
import pytest

from analysis import Plan, run
from analysis.bars import Bars
from analysis.validation import ground_truth, series
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.label_evaluation import (
    GOALS,
    Goal,
    Label,
    NameRow,
    by_pause,
    evaluated,
    over_all,
    overlap,
    shortfalls,
    table,
)
from analysis.validation.sized_plans import at_scale
from market.management.commands import evaluate_labels
from tests.analysis.patterns.shapes import BEFORE

SPANS = np.array([[10, 19], [40, 59]], np.int64)


def day(bars: Bars, bar: int) -> int:
    return int(bars.time[bar])


def test_overlap_is_shared_bars_over_all_bars_with_both_ends() -> None:
    assert ground_truth.shared(SPANS, 10, 19).tolist() == [1.0, 0.0]
    assert ground_truth.shared(SPANS, 15, 24).tolist() == [5 / 15, 0.0]
    assert ground_truth.shared(SPANS, 20, 39).tolist() == [0.0, 0.0]


def test_a_label_is_found_by_events_of_its_name_alone_and_a_flag_by_either() -> None:
    bars = series.walk(100)
    label = Label("WALK", "flag", day(bars, 40), day(bars, 59))
    assert overlap(label, bars, {"bear_flag": SPANS}) == 1.0
    assert overlap(label, bars, {"pennant": SPANS}) == 0.0
    assert overlap(label._replace(name="double_top"), bars, {"bear_flag": SPANS}) == 0.0


def test_chance_is_the_same_dates_on_every_other_symbol() -> None:
    one, two, three = (series.random_walk(400, seed=seed, symbol=f"S{seed}") for seed in (1, 1, 2))
    several = {"ONE": one, "TWO": two, "THREE": three}
    rows, _ = evaluated([], several, "short")
    assert rows == []
    events = run(Plan.parse(at_scale("chart_patterns", "short")), one, now_ns=LATER_NS).events
    event = next(event for event in events if event.name == "double_top" and event.points[0].bar > BEFORE)
    label = Label("ONE", "double_top", event.points[0].time, event.points[-1].time)
    ((name, labels, recall, strict, chance, per_1000),), rates = evaluated([label], several, "short")
    assert (name, labels, recall, strict) == ("double_top", 1, 1.0, 1.0)
    # The second series is the first under another name, the third has nothing to do with it.
    assert chance in (0.5, 1.0)
    assert per_1000 == rates["double_top"] > 0
    assert evaluated([label._replace(symbol="GONE")], several, "short")[0] == []


def test_a_flag_that_is_marked_by_its_pause_is_found_by_the_bars_after_its_pole() -> None:
    several = {f"S{seed}": series.random_walk(1_500, seed=seed, symbol=f"S{seed}") for seed in (1, 2)}
    events = run(Plan.parse(["bull_flag", "bear_flag"]), several["S1"], now_ns=LATER_NS).events
    event = next(event for event in events if event.bar - event.points[-1].bar > 8)
    label = Label("S1", "flag", event.points[-1].time, day(several["S1"], event.bar))
    assert by_pause([label, label._replace(name="double_top")], several, "classic")[:2] == (1, 1.0)
    ((_, _, recall, _, _, _),), _ = evaluated([label], several, "classic")
    assert recall == 0.0  # from the pole's foot to its end it shares a bar with the pause
    assert by_pause([], several, "classic") == (0, 0.0, 0.0)


def test_what_is_below_the_goal_is_said() -> None:
    rows = [NameRow("double_top", 90, 0.5, 0.4, 0.1, 5.0), NameRow("rectangle", 30, 0.0, 0.0, 0.0, 1.0)]
    assert over_all(rows) == pytest.approx((0.375, 0.075))
    rates = {"double_top": 5.0, "rectangle": 1.0}
    assert shortfalls(rows, rates, Goal(0.3, 5.0)) == []
    missed = shortfalls(rows, rates, Goal(0.4, 6.0, 5.5, 4.0, 0.3))
    assert len(missed) == 6
    assert any("rectangle" in one for one in missed)
    assert shortfalls([], {}, Goal(0.1, 1.0, inf)) == ["recall 0.000, 0.1 asked"]
    assert "double_top" in table(rows, rates)


def test_events_of_names_that_nobody_labelled_stand_apart_in_the_table() -> None:
    rows = [NameRow("flag", 4, 0.5, 0.4, 0.1, 5.0)]
    *_, labelled, others, total = table(rows, {"bull_flag": 2.0, "bear_flag": 3.0, "darvas_box": 4.5}).splitlines()
    assert [line.split()[-1] for line in (labelled, others, total)] == ["5.00", "4.50", "9.50"]
    assert [len(line) for line in (labelled, others, total)] == [66] * 3


@pytest.mark.parametrize("scale", GOALS)
def test_a_scale_reaches_its_goal_on_the_labels_beside_the_repository(
    scale: str, shared: Callable[[str], Path]
) -> None:
    folder = shared("oracles/chart_labels")
    rows, rates = evaluated(evaluate_labels._labels(folder), evaluate_labels._series(folder), scale)
    assert sum(row.labels for row in rows) > 1_000
    assert shortfalls(rows, rates, GOALS[scale]) == []
