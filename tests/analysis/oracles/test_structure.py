"""Gaps, breaks and blocks beside two packages that were asked once, and worked out of their definitions bar by bar.

Both packages mark a thing where charts draw it: smartmoneyconcepts a gap on its middle bar, a bar before it is there;
pyvsmc a swing on its own bar, so it was given swings, and their prices, on the bar that they are known on.
"""

import gzip
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.events import Event
from analysis.validation.entry_checks import LATER_NS
from tests.analysis.oracles.cases import Case, Source, case
from tests.analysis.oracles.stepwise import Lines, stepwise
from tests.analysis.shipped import ROOT, demo

BARS = demo("AAPL", 700)
SIDES = {"bullish": 1, "bearish": -1}
LUXALGO = "LuxAlgo's published code, on pyvsmc's breaks (below)"
Zone = tuple[int, int, float, float]  # the bar it is known on, its side, and its lower and upper price
Rows = list[list[Any]]


def stored(package: str) -> dict[str, Any]:
    """Return what a package said of these bars."""
    found: dict[str, Any] = json.loads(
        gzip.decompress((ROOT / f"tests/golden/{package}/aapl_700.json.gz").read_bytes())
    )
    return found


def events(name: str, bars: Bars = BARS) -> list[Event]:
    return list(run(Plan.parse([name]), bars, now_ns=LATER_NS).events)


def gaps_of(bars: Bars) -> list[Zone]:
    """Every three bars, looked at one after the other."""
    high, low, close = bars.high.tolist(), bars.low.tolist(), bars.close.tolist()
    found: list[Zone] = []
    for bar in range(2, len(close)):
        if low[bar] > high[bar - 2] and close[bar - 1] > high[bar - 2]:
            found.append((bar, 1, high[bar - 2], low[bar]))
        if high[bar] < low[bar - 2] and close[bar - 1] < low[bar - 2]:
            found.append((bar, -1, high[bar], low[bar - 2]))
    return found


def breaks_of(bars: Bars, reach: int = 5) -> list[tuple[int, int, int, float, bool]]:
    """Each close held against the last swing known before it: bar, side, the swing's bar and price, is it a change."""
    high, low, close = bars.high.tolist(), bars.low.tolist(), bars.close.tolist()
    last: dict[int, int | None] = {1: None, -1: None}
    trend, found = 0, []
    for bar in range(len(close)):
        middle = bar - reach
        if middle >= reach:
            before, after = slice(middle - reach, middle), slice(middle + 1, bar + 1)
            if max(high[before]) < high[middle] >= max(high[after]):
                last[1] = middle
            if min(low[before]) > low[middle] <= min(low[after]):
                last[-1] = middle
        for side, prices in ((1, high), (-1, low)):
            swing = last[side]
            if swing is not None and side * close[bar] > side * prices[swing]:
                found.append((bar, side, swing, prices[swing], trend == -side))
                trend, last[side] = side, None
    return found


def blocks_of(bars: Bars) -> list[Zone]:
    """Before each break the candles the other way, sorted by how far they reach."""
    found: list[Zone] = []
    for bar, side, swing, _, _ in breaks_of(bars):
        against = [one for one in range(swing + 1, bar) if side * (bars.close[one] - bars.open[one]) < 0]
        if against:
            far = (lambda one: bars.low[one]) if side > 0 else (lambda one: -bars.high[one])
            block = min(against, key=far)
            found.append((bar, side, float(bars.low[block]), float(bars.high[block])))
    return found


def newest_open(
    zones_of: Callable[[Bars], list[Zone]], warmup: int, is_over: Callable[[Bars, int, Zone], bool], second: str
) -> Source:
    """Of the zones known by a bar the newest that no bar since has ended, each asked again for every bar."""

    def derive(bars: Bars) -> Lines:
        zones = zones_of(bars)
        ends = [
            next((bar for bar in range(zone[0] + 1, len(bars)) if is_over(bars, bar, zone)), len(bars))
            for zone in zones
        ]
        lines: dict[str, list[float | None]] = {name: [] for name in ("direction", "bottom", "top", "age")}
        for bar in range(warmup, len(bars)):
            open_ones = [zone for zone, end in zip(zones, ends, strict=True) if zone[0] <= bar < end]
            if open_ones:
                known, side, bottom, top = open_ones[-1]
                row: tuple[float | None, ...] = (side, bottom, top, bar - known)
            else:
                row = (0, None, None, None)
            for line, value in zip(lines.values(), row, strict=True):
                line.append(value)
        return lines

    return stepwise(derive, second=second)


def touched(bars: Bars, bar: int, zone: Zone) -> bool:
    return bool(bars.low[bar] <= zone[2]) if zone[1] > 0 else bool(bars.high[bar] >= zone[3])


def closed_through(bars: Bars, bar: int, zone: Zone) -> bool:
    return bool(bars.close[bar] < zone[2]) if zone[1] > 0 else bool(bars.close[bar] > zone[3])


def last_break(is_change: bool) -> Source:
    def derive(bars: Bars) -> Lines:
        found = breaks_of(bars)
        lines: dict[str, list[float | None]] = {name: [] for name in ("trend", "level", "age")}
        for bar in range(11, len(bars)):
            known = [one for one in found if one[0] <= bar]
            mine = [one for one in known if one[4] == is_change]
            lines["trend"].append(known[-1][1] if known else 0)
            lines["level"].append(mine[-1][3] if mine else None)
            lines["age"].append(bar - mine[-1][0] if mine else None)
        return lines

    return stepwise(derive, second="pyvsmc's breaks (below)")


CASES = [
    case("fair_value_gap", newest_open(gaps_of, 2, touched, "pyvsmc's gaps and smartmoneyconcepts' (below)")),
    case("order_block", newest_open(blocks_of, 11, closed_through, LUXALGO)),
    case("break_of_structure", last_break(is_change=False)),
    case("change_of_character", last_break(is_change=True)),
]


@pytest.mark.parametrize("one", CASES, ids=str)
def test_columns_of_structure_agree_with_their_definitions(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)


def is_beyond(bar: int, side: int) -> bool:
    """Return whether the middle bar of three closed beyond the first, which both packages do not ask for."""
    close, first = BARS.close[bar - 1], BARS.high[bar - 2] if side > 0 else BARS.low[bar - 2]
    return bool(side * (close - first) > 0)


def test_gaps_and_the_bars_that_fill_them_are_pyvsmcs() -> None:
    theirs = {tuple(row) for row in stored("pyvsmc")["gaps"] if is_beyond(row[0], row[1])}
    ours = set()
    for event in events("fair_value_gap"):
        end = event.history[1].bar if len(event.history) > 1 else -1
        levels = event.levels or {}
        ours.add((event.bar, SIDES[event.side], levels["low"], levels["high"], end))
    assert ours == theirs
    assert len(ours) > 200


def test_gaps_of_a_coloured_middle_bar_are_those_of_smartmoneyconcepts_a_bar_later() -> None:
    found = stored("smartmoneyconcepts")
    rows = zip(*(found[name] for name in ("FVG", "Bottom", "Top")), strict=True)
    theirs = {
        (middle + 1, int(side), bottom, top)
        for middle, (side, bottom, top) in enumerate(rows)
        if side is not None and is_beyond(middle + 1, int(side))
    }
    ours = set()
    for event in events("fair_value_gap"):
        side, levels = SIDES[event.side], event.levels or {}
        if side * (BARS.close[event.bar - 1] - BARS.open[event.bar - 1]) > 0:
            ours.add((event.bar, side, levels["low"], levels["high"]))
    assert ours == theirs
    assert len(ours) > 200


def test_breaks_are_pyvsmcs_but_for_levels_that_were_broken_or_replaced() -> None:
    """It lets a level be broken again once a close has come back, and by the bar that makes a newer swing known."""
    renewed = run(Plan.parse(["williams_fractal(5).is_high", "williams_fractal(5).is_low"]), BARS, now_ns=LATER_NS)
    is_new = dict(zip((1, -1), renewed.columns.values(), strict=True))
    seen, theirs = set(), []
    for bar, name, side, level in sorted(stored("pyvsmc")["breaks"]):
        if (side, level) not in seen and is_new[side][bar] != 1.0:
            theirs.append((bar, name, side, level))
        seen.add((side, level))
    found = [*events("break_of_structure"), *events("change_of_character")]
    ours = sorted((one.bar, one.name, SIDES[one.side], (one.levels or {})["level"]) for one in found)
    differ = [(one, other) for one, other in zip(ours, theirs, strict=True) if one != other]
    # What it has for a change at bar 524 makes the break after it one the same way.
    assert [(one[0], one[1], other[1]) for one, other in differ] == [(534, "change_of_character", "break_of_structure")]
    assert len(ours) > 30


def test_gaps_are_a_condition_and_their_prices_are_columns() -> None:
    texts = [
        "fair_value_gap(side=bullish) and close > sma(50)",
        "fvg.bottom",
        "close - order_block.top",
        "bos or choch",
    ]
    result = run(Plan.parse(texts), BARS, now_ns=LATER_NS)
    at = [event.bar for event in events("fair_value_gap") if event.side == "bullish"]
    holds = result[texts[0]] if texts[0] in result.columns else next(iter(result.columns.values()))
    assert set(np.flatnonzero(holds == 1.0)) < set(at)
    assert np.isfinite(result["fair_value_gap.bottom"][at]).all()


def test_a_swing_is_no_level_before_it_is_known_and_is_broken_once() -> None:
    """Up to 20 at bar 5, down, up through it at bar 12, back below and up through it again: one break."""
    close = [15.0, 16, 17, 18, 19, 20, 19, 18, 17, 16, 15, 16, 21, 18, 22, 23]
    time = 86_400_000_000_000 * np.arange(len(close), dtype=np.int64)
    price = np.array(close)
    bars = Bars(time=time, open=price, high=price + 0.5, low=price - 0.5, close=price, timeframe="1d")
    assert [(event.bar, event.side) for event in events("break_of_structure", bars)] == [(12, "bullish")]
    assert [point.bar for point in events("break_of_structure", bars)[0].points] == [5, 10, 12]
    assert events("change_of_character", bars) == []
    assert events("break_of_structure", bars[:12]) == []
