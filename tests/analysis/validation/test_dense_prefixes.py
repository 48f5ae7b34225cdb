"""Detectors of turning points after every bar of a long series, and one that repaints for a bar."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from analysis import Plan, run
from analysis.catalog import registry
from analysis.catalog.entry import DetectionContext
from analysis.events import Event
from analysis.validation import entry_checks
from analysis.validation.dense_prefixes import PREFIXES, assert_no_event_changes, first_changes, is_path_detector
from analysis.validation.sized_plans import at_scale
from tests.analysis.shipped import demo

# Half of what certificates are made on: they hold for the source as it is, and a detector's work grows with the square.
PREFIXES_HERE = PREFIXES // 2
GROUPS = ("chart_patterns", "harmonic", "elliott", "divergence", "levels", "wyckoff")


@pytest.mark.parametrize("group", GROUPS)
def test_no_event_changes_after_any_bar_of_a_long_series(group: str) -> None:
    names = [entry.name for entry in registry.ENTRIES.values() if entry.category == group]
    assert first_changes(names, demo("IXIC", 5_031)[:PREFIXES_HERE]) == {}


@pytest.mark.parametrize("scale", ["short", "swing"])
def test_no_event_of_another_scale_changes_either(scale: str) -> None:
    assert first_changes(at_scale("chart_patterns", scale), demo("IXIC", 5_031)[:1_200]) == {}


def test_every_detector_of_turning_points_is_in_a_group_of_these() -> None:
    assert {entry.category for entry in registry.ENTRIES.values() if is_path_detector(entry)} == set(GROUPS)


def test_a_cup_stays_when_a_wider_one_is_confirmed_later() -> None:
    bars = demo("IXIC", 5_031)
    plan = Plan.parse(["cup_with_handle"])
    early, late = (
        {event.bar: event.id for event in run(plan, bars[:count], now_ns=entry_checks.LATER_NS).events}
        for count in (1_936, 1_940)
    )
    assert early  # the one of bar 1,934, which came and went, is none any more: no rise led to its rim
    assert late == early


def test_an_event_that_is_gone_after_a_bar_is_caught_by_every_prefix_and_not_by_a_sample() -> None:
    right = registry.ENTRIES["bear_flag"]
    assert right.detect is not None

    def flickers(given: DetectionContext) -> Sequence[Event]:
        assert right.detect is not None
        return [event for event in right.detect(given) if event.bar != len(given.bars) - 3]

    wrong = replace(right, detect=flickers)
    bars = demo("AAPL", 600)
    registry.ENTRIES["bear_flag"] = wrong
    try:
        entry_checks.events_point_in_time(wrong, bars, entry_checks.cuts(5, len(bars), 1, 5, 10))
        assert set(first_changes(["bear_flag", "bull_flag"], bars)) == {"bear_flag"}
        with pytest.raises(AssertionError, match="bear_flag: events of AAPL change after bar"):
            assert_no_event_changes(wrong, [bars])
    finally:
        registry.ENTRIES["bear_flag"] = right
