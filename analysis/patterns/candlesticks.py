"""TA-Lib's 61 candlesticks: a column of marks each, and every mark that is not zero as an event.

A candlestick is told by the shapes and positions of its own bars against the average of the bars just before. TA-Lib
does not ask whether a trend came before, although the books do for reversals; neither does an entry here.
"""

from collections.abc import Sequence

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import Detect, DetectionContext, Output
from analysis.catalog.registry import entry
from analysis.event_list import CandlestickEvents, Mark
from analysis.events import Event
from analysis.kernels.jit import jit
from analysis.kernels.marks import strengths
from analysis.kernels.talib import ta
from analysis.patterns.candlestick_names import FUNCTIONS

NISON = "Nison, Japanese Candlestick Charting Techniques (2nd ed., 2001)"
MORRIS = "Morris, Candlestick Charting Explained (3rd ed., 2006)"
# Shapes of indecision: TA-Lib marks them by the colour of the bar, or always +100, which is no direction.
NEUTRAL = {
    "doji",
    "doji_star",
    "dragonfly_doji",
    "gravestone_doji",
    "high_wave",
    "long_legged_doji",
    "rickshaw_man",
    "short_line",
    "spinning_top",
}


def _register(name: str, function: str, warmup: int) -> None:
    shown, find = name.replace("_", " "), getattr(ta, function)

    def marks(open: Floats, high: Floats, low: Floats, close: Floats, /) -> Floats:
        column = np.empty(len(close))
        jit[strengths](find(open, high, low, close), warmup, column)
        return column

    marks.__doc__ = f"Return the marks of {shown}: above zero bullish, below zero bearish, zero where there is none."
    entry(
        name,
        title=shown.capitalize(),
        category="candlesticks",
        outputs=(Output("mark", "strength", -2, 2, constant_value=None, settled_value=None),),
        warmup=lambda p: warmup,
        history="path",
        source=f"{NISON}; {MORRIS}; rules as TA-Lib {function} states them.",
        notes="1 is the pattern, 2 a confirmed one, 0.8 one with equal edges. No trend before it is asked for.",
        detect=_detector(name, warmup),
        cost_us=4,
    )(marks)


def _detector(name: str, warmup: int) -> Detect:
    what = Mark(name, "candlestick", name in NEUTRAL)

    def detect(given: DetectionContext) -> Sequence[Event]:
        time = given.bars.time
        return CandlestickEvents(
            what, given.columns[0], time, given.start if given.start > warmup else warmup, len(time)
        )

    return detect


for _name, (_function, _warmup) in FUNCTIONS.items():
    _register(_name, _function, _warmup)
