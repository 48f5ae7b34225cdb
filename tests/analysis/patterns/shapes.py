"""Shapes drawn by hand for detector tests: a walk, then legs of n ranges each, rising and falling by turns."""

from collections.abc import Sequence

import numpy as np

from analysis import Bars, Plan, run
from analysis.events import Event
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.synthetic.paths import Outline, bars_of, drawn, walk
from tests.bars import DAY_NS, FIRST_NS

BEFORE = 60  # bars of the walk


def found(
    plan: str, prices: Sequence[float], least: Sequence[int] = (), seed: int = 1
) -> tuple[list[Event], list[int]]:
    """Return the events of a plan on a walk that goes on through `prices`, and the bars that the path turns at."""
    rng = np.random.default_rng(seed)
    before = walk(rng, BEFORE, 0.0)
    outline = Outline("drawn", tuple(prices), tuple(least) or (1,) * (len(prices) - 1), len(prices) - 1)
    shape, turns = drawn(rng, outline, float(before[-1, 3]))
    result = run(Plan.parse([plan]), bars_of([before, shape]), now_ns=LATER_NS)
    return [event for event in result.events if event.points[0].bar >= BEFORE], [BEFORE + turn for turn in turns]


def bars_at(event: Event) -> list[int]:
    """Return the bars of the event's points."""
    return [point.bar for point in event.points]


def doubled(rise: float = 0.95, pole: int = 40, back: float = 0.1, pause: int = 10) -> Bars:
    """Return bars that stand still, rise from 100 by `rise` over `pole` bars, pause `back` below that, and go on."""
    top = 100.0 * (1.0 + rise)
    still = np.full(20, 110.0)
    way = np.linspace(100.0, top, pole + 1)
    paused = np.full(pause, top * (1.0 - back) + 0.5)
    middle = np.concatenate((still, way, paused, np.linspace(top + 3.0, 1.4 * top, 60)))
    high, low = middle + 0.5, middle - 0.5
    low[20], high[20 + pole] = 100.0, top
    time = FIRST_NS + DAY_NS * np.arange(len(middle), dtype=np.int64)
    high[:20] = np.minimum(high[:20], top)
    return Bars(time=time, open=middle, high=high, low=np.minimum(low, middle), close=middle, timeframe="1d")
