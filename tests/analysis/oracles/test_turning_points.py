"""Turning points as others tell them: Skender's fractal bands, Lean's pivots, and talipp's zigzag asked bar by bar."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from analysis import Plan, run
from analysis.bars import Bars
from analysis.validation.entry_checks import LATER_NS
from tests.analysis.oracles.cases import Case, Expected, Source, case
from tests.analysis.oracles.sources import GOLDEN, lean, skender
from tests.analysis.oracles.stepwise import Lines, numbers, stepwise
from tests.analysis.shipped import demo

Turn = tuple[int, str]  # its own bar, and `high` or `low`


def told(bars: Bars, turns: Sequence[Sequence[Turn]]) -> Lines:
    """Return the columns that come of what becomes known on each bar."""
    newest: dict[str, float | None] = {"high": None, "low": None}
    lines: dict[str, list[float | None]] = {name: [] for name in ("high", "low", "is_high", "is_low", "age")}
    last: int | None = None
    for bar, known in enumerate(turns):
        for place, kind in known:
            newest[kind], last = float(getattr(bars, kind)[place]), place
        for kind in ("high", "low"):
            lines[kind].append(newest[kind])
            lines[f"is_{kind}"].append(float(any(kind == one for _, one in known)))
        lines["age"].append(None if last is None else bar - last)
    return lines


def talipp_zigzag(percent: float) -> Source:
    """What talipp's zigzag has settled after each bar of SPX: all but its last point, which it may still move.

    A bar that goes beyond the last extreme may also turn from it: talipp turns then. None of SPX turned so by 5 %.
    """

    def load(_folder: Path) -> Expected:
        from talipp.indicators import ZigZag
        from talipp.indicators.ZigZag import PivotType
        from talipp.ohlcv import OHLCV

        bars, turns, settled = demo("SPX", 2_000), [], 0
        shown = ZigZag(percent / 100, 0)
        places: dict[int, int] = {}
        rows = zip(*(getattr(bars, name).tolist() for name in ("open", "high", "low", "close")), strict=True)
        for bar, row in enumerate(rows):
            given = OHLCV(*row)
            places[id(given)] = bar
            shown.add(given)
            known = list(shown)[settled:-1]
            settled += len(known)
            kinds = ("high" if one.type == PivotType.HIGH else "low" for one in known)
            turns.append([(places[id(one.ohlcv)], kind) for one, kind in zip(known, kinds, strict=True)])
            kept.append(given)
        # Its first point is a low whatever comes after it.
        turns = [[turn for turn in known if turn[0] > 0] for known in turns]
        return Expected(bars, {name: numbers(line) for name, line in told(bars, turns).items()})

    kept: list[object] = []  # an id is a name only as long as its owner lives
    return Source("talipp", load)


def lean_pivots() -> Source:
    """Lean's −1, 1 and 2 (both) on the bar that a pivot becomes known on."""

    def load(folder: Path) -> Expected:
        found = lean("spy_pivot_pnt_hl.txt.gz", value="PPHL").load(folder)
        mark = found.columns["value"]
        is_high, is_low = np.isin(mark, (1, 2)).astype(np.float64), np.isin(mark, (-1, 2)).astype(np.float64)
        return Expected(found.bars, {"is_high": is_high, "is_low": is_low})

    return Source("Lean", load, f"{GOLDEN}/lean")


def looked_around(left: int, right: int) -> Source:
    """Each bar looked at from `right` bars later: beyond all before it, and not exceeded by those after it."""

    def derive(bars: Bars) -> Lines:
        high, low = bars.high.tolist(), bars.low.tolist()
        turns: list[list[Turn]] = []
        for bar in range(len(bars)):
            middle, known = bar - right, []
            if middle >= left:
                before, after = slice(middle - left, middle), slice(middle + 1, bar + 1)
                if max(high[before]) < high[middle] >= max(high[after]):
                    known.append((middle, "high"))
                if min(low[before]) > low[middle] <= min(low[after]):
                    known.append((middle, "low"))
            turns.append(known)
        return told(bars, turns)

    return stepwise(derive)


CASES = [
    case("zigzag", talipp_zigzag(5), after=20, why="talipp takes the first bar for a low"),
    case("zigzag", talipp_zigzag(8), after=20, why="talipp takes the first bar for a low", deviation=8.0),
    case("williams_fractal", skender("fcb", high="upperBand", low="lowerBand")),
    case("williams_fractal", looked_around(2, 2)),
    case("pivot_high_low", lean_pivots()),
    case("pivot_high_low", looked_around(10, 10)),
    case("pivot_high_low", looked_around(4, 1), left=4, right=1),
]


@pytest.mark.parametrize("one", CASES, ids=str)
def test_turning_points_agree_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)


def test_a_turning_point_is_told_on_the_bar_that_confirms_it_and_not_on_its_own() -> None:
    bars = demo("AAPL", 700)
    texts = [f"{name}.{output}" for name in ("williams_fractal", "pivot_high_low", "zigzag") for output in ("is_high",)]
    result = run(Plan.parse([*texts, "williams_fractal.high"]), bars, now_ns=LATER_NS)
    told_on = np.flatnonzero(result["williams_fractal.is_high"] == 1.0)
    assert np.array_equal(result["williams_fractal.high"][told_on], bars.high[told_on - 2])
    assert (bars.high[told_on] <= bars.high[told_on - 2]).all()
    for text in texts:
        assert 5 < np.nansum(result[text]) < 200
