"""What came after the states of Dow's trend and after Wyckoff's events, beside what came after any bar.

A return is from the open after the bar to the close of the twentieth bar after it, as a logarithm. Intervals draw whole
calendar quarters with all symbols in them, as those of rates do.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.bars import Bars
from analysis.engine import run
from analysis.plan import Plan
from analysis.records.baselines import three
from analysis.validation.ground_truth import LATER_NS
from analysis.validation.quarters import drawn, interval, quarter_numbers, verdict

HORIZON = 20  # bars
LEAST = 20  # bars of a state, or events, below which nothing is stated of them
TREND, WYCKOFF = "dow_trend", "wyckoff"
STATES = {1.0: "dow_trend = 1", 0.0: "dow_trend = 0", -1.0: "dow_trend = -1"}
ANY = "any bar"
PERCENT = 100.0


class After(NamedTuple):
    """What came after this many bars: the mean return in percent, its interval, that of what it has beyond any bar's.

    The mean is None of no bar, intervals and verdict of fewer than 20, the last two of any bar as well.
    """

    name: str
    bars: int
    mean: float | None
    ends: tuple[float, float] | None
    beyond: tuple[float, float] | None
    verdict: str | None


def what_came_after(several: Sequence[Bars], horizon: int = HORIZON) -> list[After]:
    """Return what came after any bar of these series, after each state of Dow's trend, and after Wyckoff's events.

    Bars with fewer than `horizon` after them count for nothing.
    """
    plan = Plan.parse([TREND, WYCKOFF])
    quarters = [quarter_numbers(bars.time) for bars in several]
    numbers = np.unique(np.concatenate(quarters))
    names = [ANY, *STATES.values(), *(call.entry for call in plan.detectors)]
    sums = {name: np.zeros((2, len(numbers))) for name in names}
    for bars, quarter in zip(several, quarters, strict=True):
        returns, block = forward_returns(bars, horizon), np.searchsorted(numbers, quarter)
        for name, places in _places(plan, bars):
            where = places[places < len(returns)]
            sums[name][0] += np.bincount(block[where], minlength=len(numbers))
            sums[name][1] += np.bincount(block[where], returns[where], len(numbers))
    return list(_rows(sums, drawn(len(numbers))))


def forward_returns(bars: Bars, horizon: int) -> Floats:
    """Return the returns in percent after each bar that has as many bars after it; 100 times the logarithm."""
    last = max(0, len(bars) - horizon)
    found: Floats = PERCENT * np.log(bars.close[horizon:] / bars.open[1 : last + 1])
    return found


def _places(plan: Plan, bars: Bars) -> Iterator[tuple[str, Ints]]:
    """Yield by name the bars that are of a state, or that confirm an event."""
    result = run(plan, bars, now_ns=LATER_NS)
    yield ANY, np.arange(len(bars), dtype=np.int64)
    for state, name in STATES.items():
        yield name, np.flatnonzero(result[TREND] == state)
    for name, where in result.events.bars_and_shapes()[0].items():
        yield name, np.array(where, np.int64)


def _rows(sums: Mapping[str, Floats], weights: Floats) -> Iterator[After]:
    with np.errstate(divide="ignore", invalid="ignore"):
        means = {name: (weights @ one[1]) / (weights @ one[0]) for name, one in sums.items()}
    for name, (counts, totals) in sums.items():
        count = int(counts.sum())
        is_stated = count >= LEAST
        ends = interval(means[name]) if is_stated else None
        beyond = _three(interval(means[name] - means[ANY])) if is_stated and name != ANY else None
        mean = three(float(totals.sum() / count)) if count else None
        yield After(name, count, mean, _three(ends), beyond, verdict(beyond, 0.0))


def _three(ends: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if ends is None else (three(ends[0]), three(ends[1]))
