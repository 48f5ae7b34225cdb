"""A bar that is still open confirms nothing and ends nothing, whatever the pattern; once it is over it does both."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.catalog import registry
from analysis.events import Event
from analysis.patterns.harmonic_ratios import FAMILIES
from analysis.validation import ground_truth
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.synthetic import chart_patterns, harmonics
from tests.analysis.patterns.shapes import doubled
from tests.analysis.shipped import demo

PATTERNS = [entry for entry in registry.ENTRIES.values() if entry.kind == "pattern"]
CANDLESTICKS = [entry.name for entry in PATTERNS if entry.category == "candlesticks"]
SHAPES = [entry.name for entry in PATTERNS if entry.category != "candlesticks"]
Case = tuple[Bars, Event]


def material() -> Iterator[Bars]:
    """Give bars on which every shape occurs: the shipped series, and shapes drawn into walks."""
    for symbol in ("AAPL", "MSFT", "IBM"):
        yield demo(symbol, 3_000)
    five_points = [
        *(lambda rng, noise, one=family: harmonics.sampled(rng, one, noise) for family in FAMILIES),
        harmonics.equal_legs,
        harmonics.three_drives,
    ]
    charts = [lambda rng, noise, one=name: chart_patterns.sampled(rng, one, noise) for name in chart_patterns.NAMES]
    for samples in (five_points, charts):
        bars, _ = ground_truth.series(np.random.default_rng(5), samples, 0.0, 4 * len(samples))
        yield bars
    yield doubled()


@cache
def cases() -> dict[str, Case]:
    """Return, by its name, an event of every shape that something has become of, and the bars it is on."""
    found: dict[str, Case] = {}
    for bars in material():
        for event in run(Plan.parse(SHAPES), bars, now_ns=LATER_NS).events:
            if len(event.history) > 1:
                found.setdefault(event.name, (bars, event))
    return found


def test_every_shape_that_can_be_asked_for_has_bars_here() -> None:
    assert set(SHAPES) == set(cases()), "material() lacks bars for some, or gives what nobody can ask for"


def open_and_closed(name: str, bars: Bars, bar: int) -> tuple[list[Event], list[Event]]:
    """Return a pattern's events of the bars up to this one while it is open, and once it is over."""
    plan, until = Plan.parse([name]), bars[: bar + 1]
    while_open, over = run(plan, until, now_ns=int(until.time[-1]) + 1), run(plan, until, now_ns=LATER_NS)
    assert while_open.provisional
    assert not over.provisional
    return list(while_open.events), list(over.events)


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_told_when_the_bar_that_confirms_it_is_over(name: str) -> None:
    bars, event = cases()[name]
    while_open, over = open_and_closed(name, bars, event.bar)
    assert [one for one in while_open if one.bar >= event.bar] == []
    (mine,) = [one for one in over if one.id == event.id]
    assert [entry.status for entry in mine.history] == ["confirmed"]
    assert while_open == run(Plan.parse([name]), bars[: event.bar], now_ns=LATER_NS).events


@pytest.mark.parametrize("name", SHAPES)
def test_what_becomes_of_it_is_told_when_that_bar_is_over(name: str) -> None:
    bars, event = cases()[name]
    happened = event.history[1]
    while_open, over = open_and_closed(name, bars, happened.bar)
    (mine,) = [one for one in while_open if one.id == event.id]
    assert [entry.status for entry in mine.history] == ["confirmed"]
    (mine,) = [one for one in over if one.id == event.id]
    assert happened in mine.history


def test_a_candlestick_is_told_when_its_bar_is_over() -> None:
    bars = demo("AAPL", 3_000)
    last: dict[str, int] = {event.name: event.bar for event in run(Plan.parse(CANDLESTICKS), bars).events}
    assert len(last) >= 50
    for name, bar in last.items():
        while_open, over = open_and_closed(name, bars, bar)
        assert [one.bar for one in while_open if one.bar >= bar] == [], name
        assert over[-1].bar == bar, name
