"""TA-Lib's 61 candlesticks: a column of marks each, and every mark that is not zero as an event.

A candlestick is told by the shapes and positions of its own bars against the average of the bars just before. TA-Lib
does not ask whether a trend came before, although the books do for reversals; here `trend` asks for it.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import Detect, DetectionContext, Output
from analysis.catalog.params import Value, choice
from analysis.catalog.registry import entry
from analysis.events import Event, TradeFacts
from analysis.kernels.jit import jit
from analysis.kernels.marks import strengths
from analysis.kernels.rolling import exponential
from analysis.kernels.talib import ta
from analysis.late_events import CandlestickEvents, Mark
from analysis.patterns.candlestick_names import BARS, FUNCTIONS

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


# Morris's short-term trend: where the close of the bar before the candlestick lies to its exponential average.
TREND_PERIOD = 10
TREND = choice("trend", "any", ("any", "up", "down"), "What comes before: a close above its EMA(10), or below it.")


def _register(name: str, function: str, warmup: int) -> None:
    shown, find, bars = name.replace("_", " "), getattr(ta, function), BARS.get(name, 1)

    def leads(values: Mapping[str, Value]) -> int:
        return warmup if values["trend"] == TREND.default else max(warmup, bars + TREND_PERIOD - 1)

    def marks(open: Floats, high: Floats, low: Floats, close: Floats, /, *, trend: str) -> Floats:
        column = np.empty(len(close))
        jit[strengths](find(open, high, low, close), leads({"trend": trend}), column)
        if trend != TREND.default and len(close) > bars:
            side = 1.0 if trend == "up" else -1.0
            is_after = (close - exponential(close, TREND_PERIOD)) * side > 0.0
            column[bars:][(column[bars:] != 0.0) & np.isfinite(column[bars:]) & ~is_after[:-bars]] = 0.0
        return column

    marks.__doc__ = f"Return the marks of {shown}: above zero bullish, below zero bearish, zero where there is none."
    entry(
        name,
        title=shown.capitalize(),
        category="candlesticks",
        outputs=(Output("mark", "strength", -2, 2, constant_value=None, settled_value=None),),
        params=(TREND,),
        warmup=leads,
        history="path",
        source=f"{NISON}; {MORRIS}; rules as TA-Lib {function} states them.",
        notes="1 is the pattern, 2 a confirmed one, 0.8 one with equal edges. No trend is asked for but by `trend`.",
        detect=_detector(name, leads),
        cost_us=4,
    )(marks)


def _detector(name: str, leads: Callable[[Mapping[str, Value]], int]) -> Detect:
    usual = Mark(name, "candlestick", name in NEUTRAL)
    # What was measured of a candlestick is of any trend before it.
    asked = usual._replace(facts=TradeFacts(scale=None))

    def detect(given: DetectionContext) -> Sequence[Event]:
        time, warmup = given.bars.time, leads(given.values)
        what = usual if given.values["trend"] == TREND.default else asked
        return CandlestickEvents(
            what, given.columns[0], time, given.start if given.start > warmup else warmup, len(time)
        )

    return detect


for _name, (_function, _warmup) in FUNCTIONS.items():
    _register(_name, _function, _warmup)
