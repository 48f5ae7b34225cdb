"""Tweezers, which TA-Lib does not have: two bars that turn at one price."""

from collections.abc import Sequence

from analysis.arrays import Floats
from analysis.catalog.entry import DetectionContext, Output
from analysis.catalog.registry import entry
from analysis.events import Event
from analysis.kernels import tweezers as kernel
from analysis.kernels.jit import jit
from analysis.late_events import CandlestickEvents, Mark
from analysis.patterns.candlesticks import NISON

WARMUP = kernel.BARS + 1


def _register(name: str, side: int, notes: str) -> None:
    what = Mark(name, "candlestick", is_neutral=False)

    def marks(open: Floats, high: Floats, low: Floats, close: Floats, /) -> Floats:
        return jit[kernel.tweezers](open, high, low, close, side)

    def detect(given: DetectionContext) -> Sequence[Event]:
        time = given.bars.time
        return CandlestickEvents(what, given.columns[0], time, max(given.start, WARMUP), len(time))

    title = name.replace("_", " ").capitalize()
    marks.__doc__ = f"Return the marks of {title.lower()}: {side} where there is one, zero where there is none."
    entry(
        name,
        title=title,
        category="candlesticks",
        outputs=(Output("mark", "strength", -2, 2, constant_value=None, settled_value=None),),
        warmup=lambda p: WARMUP,
        history="path",
        source=f"{NISON}, ch. 6: tweezers; equal as TA-Lib's candle settings have it.",
        notes=f"{notes} Equal: within 5 % of the mean range of the five bars before. No trend before it is asked for.",
        detect=detect,
        cost_us=4,
    )(marks)


_register("tweezers_top", -1, "A white bar and a black one with equal highs.")
_register("tweezers_bottom", 1, "A black bar and a white one with equal lows.")
