"""Fibonacci levels of the last legs that are known to be over."""

from analysis.arrays import Floats
from analysis.catalog.entry import HELD, Output
from analysis.catalog.params import number
from analysis.catalog.registry import entry
from analysis.kernels.pivot_levels import fanned, last_pivots

SCALE = number("scale", 3.0, 0.5, 50.0, "ATR14 that price comes back before a turn is one.")
BACK = (0.0, 0.236, 0.382, 0.5, 0.618, 0.786, 1.0)
ON = (0.618, 1.0, 1.272, 1.618, 2.618)
SOURCE = "Brown, Fibonacci Analysis (2008); levels as charting platforms draw them."
NOTES = "Turns are known late, when price has come `scale` ATR back from them; nothing is drawn before."


def _prices(ratios: tuple[float, ...]) -> tuple[Output, ...]:
    return tuple(
        Output(f"level_{round(1_000 * ratio)}", "price", constant_value=None, settled_value=HELD) for ratio in ratios
    )


@entry(
    "fibonacci_retracement",
    title="Fibonacci retracement",
    category="levels",
    params=(SCALE,),
    outputs=_prices(BACK),
    warmup=lambda _: 14,
    history="path",
    warmup_is_minimum=True,
    undefined_when="fewer than two turns are known",
    source=SOURCE,
    notes=f"`level_0` is the last leg's end, `level_1000` its beginning. {NOTES}",
    cost_us=25,
)
def fibonacci_retracement(high: Floats, low: Floats, close: Floats, /, *, scale: float) -> tuple[Floats, ...]:
    """Return the prices at which so much of the last leg is taken back."""
    end, begin = last_pivots(high, low, close, scale, 2)
    return fanned(end, begin - end, BACK)


@entry(
    "fibonacci_extension",
    title="Fibonacci extension",
    category="levels",
    params=(SCALE,),
    outputs=_prices(ON),
    warmup=lambda _: 14,
    history="path",
    warmup_is_minimum=True,
    undefined_when="fewer than three turns are known",
    source=SOURCE,
    notes=f"The leg between the last three turns but one, laid on at the last one. {NOTES}",
    cost_us=25,
)
def fibonacci_extension(high: Floats, low: Floats, close: Floats, /, *, scale: float) -> tuple[Floats, ...]:
    """Return where the leg before the last one leads when it is gone again from the last turn on."""
    last, middle, first = last_pivots(high, low, close, scale, 3)
    return fanned(last, middle - first, ON)
