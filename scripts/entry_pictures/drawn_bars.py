"""Bars drawn for a pattern: the shapes that detectors are measured on, and those that no shipped series has."""

from collections.abc import Iterator

import numpy as np

from analysis import Bars
from analysis.arrays import Floats
from analysis.patterns.harmonic_ratios import FAMILIES
from analysis.validation.synthetic import chart_patterns, harmonics
from analysis.validation.synthetic.paths import DAY_NS, Outline, drawn, walk
from scripts.entry_pictures.drawn_candlesticks import CANDLESTICKS

SEEDS = 12
HEIGHT = 13.0  # of XA in ranges of a bar
LOWEST = 80.0  # price
LEAD, REST = 45, 25  # bars of a walk before and after
FIRST = np.datetime64("2024-01-01", "ns").astype(np.int64)
GROWTH = 0.024  # of a price for each range of a high tight flag, whose rule is in percent
POLE = Outline("high_tight_flag", (0.0, 28.0, 24.5, 26.0, 24.0, 36.0), (36, 4, 3, 3, 8), 2)
NAMED = {family.name: family for family in FAMILIES}


def of(name: str) -> Iterator[Bars]:
    """Yield series with a shape of this name, each from a seed of its own; none where nobody has drawn it."""
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        if name in CANDLESTICKS:
            yield _dated(np.array(CANDLESTICKS[name](rng)))
        elif name == POLE.name:
            yield _dated(100 * np.exp(GROWTH * _around(rng, POLE)))
        else:
            outline = _outline(name, rng, seed)
            if outline is not None:
                table = _around(rng, outline)
                yield _dated(table - float(table[:, 2].min()) + LOWEST)


def _outline(name: str, rng: np.random.Generator, seed: int) -> Outline | None:
    if name in NAMED:
        shapes = list(harmonics.textbook(NAMED[name], 3))
        legs = shapes[seed % len(shapes)]
        return harmonics.outline(name, [HEIGHT * leg for leg in legs], -1 if seed % 2 else 1)
    if name == "abcd":
        return harmonics.equal_legs(rng, 0.0)
    if name == "three_drives":
        return harmonics.three_drives(rng, 0.0)
    return chart_patterns.sampled(rng, name, 0.0) if name in chart_patterns.NAMES else None


def _around(rng: np.random.Generator, outline: Outline) -> Floats:
    """Return open, high, low and close of the outline with a walk before and after."""
    before = walk(rng, LEAD, 0.0)
    shape, _ = drawn(rng, outline, float(before[-1, 3]))
    return np.concatenate((before, shape, walk(rng, REST, float(shape[-1, 3]))))


def _dated(table: Floats) -> Bars:
    time = FIRST + np.arange(len(table), dtype=np.int64) * DAY_NS
    opens, high, low, close = (np.ascontiguousarray(table[:, place]) for place in range(4))
    return Bars(time=time, open=opens, high=high, low=low, close=close, timeframe="1d", symbol="drawn")
