"""Moving averages that steer by the price itself, bar by bar."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import PRICE, Output
from analysis.catalog.params import choice, integer, number
from analysis.catalog.registry import entry
from analysis.kernels import mcginley_vidya as kernel
from analysis.kernels.division import ratio
from analysis.kernels.jit import jit
from analysis.kernels.rolling import mean, triangular, weighted
from analysis.kernels.scaling import unit
from analysis.kernels.signed_sums import signed_sums
from analysis.kernels.talib import ta

PATH = "Path-dependent: computed from the first stored bar on."


@entry(
    "mcginley",
    title="McGinley dynamic",
    category="trend",
    aliases=("mcgd",),
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "source", constant_value=PRICE, settled_value=None),),
    warmup=lambda p: int(p["period"]) - 1,
    history="path",
    source="McGinley, Journal of Technical Analysis (1997); without the factor 0.6, as TradingView.",
    notes="Begins at the mean of the first period. " + PATH,
    undefined_when="the source is not above zero",
    cost_us=35,
    needs_positive_prices=True,
)
def mcginley(source: Floats, /, *, period: int) -> Floats:
    """Return the average that follows faster when the price falls away from it than when it runs ahead."""
    return jit[kernel.mcginley_dynamic](source, period, float(mean(source[:period], period)[-1]))


@entry(
    "vidya",
    title="Variable index dynamic average",
    category="trend",
    params=(integer("period", 14, 2),),
    outputs=(Output("value", "source", constant_value=PRICE, settled_value=None),),
    warmup=lambda p: int(p["period"]),
    history="path",
    source="Chande, Stocks & Commodities 10:3 (1992), steered by the absolute Chande momentum oscillator.",
    notes="Begins at the value before its first output. " + PATH,
    cost_us=45,
)
def vidya(source: Floats, /, *, period: int) -> Floats:
    """Return the exponential average whose weight shrinks with the share of movement that is noise."""
    up, down = jit[signed_sums](source[1:] - source[:-1], period)
    share = ratio(np.abs(up - down), up + down, otherwise=0.0)
    return jit[kernel.vidya](source, 2 / (period + 1) * share, period)


@entry(
    "mama",
    title="MESA adaptive moving average",
    category="trend",
    params=(number("fast_limit", 0.5, 0.01, 0.99), number("slow_limit", 0.05, 0.01, 0.99)),
    outputs=(
        Output("mama", "source", constant_value=None, settled_value=None),
        Output("fama", "source", constant_value=None, settled_value=None),
    ),
    warmup=lambda _: 32,
    history="path",
    source="Ehlers, Stocks & Commodities 19:9 (2001); TA-Lib MAMA.",
    notes=PATH,
    cost_us=50,
)
def mama(source: Floats, /, *, fast_limit: float, slow_limit: float) -> tuple[Floats, Floats]:
    """Return the average that follows the phase of the dominant cycle, and the slower one that follows it."""
    factor = unit(source)
    lead, follow = ta.MAMA(source * factor, fast_limit, slow_limit)
    return lead / factor, follow / factor


AVERAGES = {"sma": mean, "wma": weighted, "trima": triangular}


@entry(
    "macdext",
    title="MACD of chosen averages",
    category="trend",
    params=(
        integer("fast_period", 12, 2),
        integer("slow_period", 26, 2),
        integer("signal_period", 9, 2),
        choice("average", "sma", ("sma", "wma", "trima")),
    ),
    ascending=("fast_period", "slow_period"),
    outputs=tuple(
        Output(name, "source", constant_value=0.0, settled_value=0.0) for name in ("macd", "signal", "histogram")
    ),
    warmup=lambda p: int(p["slow_period"]) + int(p["signal_period"]) - 2,
    history="window",
    source="Appel's MACD with other averages than exponential ones (which are `macd`); TA-Lib MACDEXT.",
    cost_us=8,
)
def macdext(
    source: Floats, /, *, fast_period: int, slow_period: int, signal_period: int, average: str
) -> tuple[Floats, Floats, Floats]:
    """Return the difference of two averages, its average, and the difference of these."""
    averaged, away = AVERAGES[average], source - source[0]
    line = averaged(away, fast_period) - averaged(away, slow_period)
    signal = averaged(line, signal_period)
    line[: slow_period + signal_period - 2] = np.nan
    return line, signal, line - signal
