"""Shapes drawn by hand for detector tests: a walk, then legs of n ranges each, rising and falling by turns."""

from collections.abc import Sequence

import numpy as np

from analysis import Plan, run
from analysis.events import Event
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.synthetic.paths import Outline, bars_of, drawn, walk

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
