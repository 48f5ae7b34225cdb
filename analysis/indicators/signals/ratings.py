"""What fifteen averages and eleven oscillators vote for."""

import numpy as np

from analysis.arrays import Floats
from analysis.catalog.entry import Output
from analysis.catalog.params import integer
from analysis.catalog.registry import entry
from analysis.kernels.cci import channel_index
from analysis.kernels.convergence import ema_converged
from analysis.kernels.directional import directional_index, plus_minus_di
from analysis.kernels.jit import jit
from analysis.kernels.ratings import Oscillators, average_votes, both, cloud_votes, oscillator_votes, tally
from analysis.kernels.relative_strength import relative_strength
from analysis.kernels.rolling import exponential, mean, middle, weighted
from analysis.kernels.rolling_windows import volume_weighted
from analysis.kernels.scaling import unit
from analysis.kernels.stochastic import percent_k, smoothed
from analysis.kernels.talib import ta
from analysis.kernels.ultimate_oscillator import ultimate

# On which bar each component is known first, earliest first: averages of 10 to 200 bars with Hull's, the volume
# weighted one and Ichimoku's among them; oscillators with the bar before where they look at a change.
AVERAGES_KNOWN = (9, 9, 10, 19, 19, 19, 29, 29, 49, 49, 77, 99, 99, 199, 199)
OSCILLATORS_KNOWN = (11, 14, 15, 17, 20, 28, 28, 33, 35, 49, 49)
PERIODS = (10, 20, 30, 50, 100, 200)
TREND = 50  # of the average that a trend is told by
LEAST_RSI_RANGE = 1e-7


def _warmup(averages: int, oscillators: int) -> int:
    return max(AVERAGES_KNOWN[averages - 1], OSCILLATORS_KNOWN[oscillators - 1])


@entry(
    "technical_ratings",
    title="Technical ratings",
    category="signals",
    aliases=("ratings", "technical_rating"),
    params=(
        integer("min_averages", 10, 1, 15, "averages past their warm-up before there is a rating"),
        integer("min_oscillators", 8, 1, 11, "oscillators past their warm-up before there is a rating"),
    ),
    outputs=(
        Output("rating", "strength", -1, 1, constant_value=0.0, settled_value=0.0),
        Output("ma_rating", "strength", -1, 1, constant_value=0.0, settled_value=0.0),
        Output("oscillator_rating", "strength", -1, 1, constant_value=0.0, settled_value=0.0),
        Output("ma_count", "count", 0, 15, constant_value=None, settled_value=14.0),
        Output("oscillator_count", "count", 0, 11, constant_value=None, settled_value=6.0),
        Output("label", "strength", -2, 2, constant_value=0.0, settled_value=0.0),
    ),
    warmup=lambda p: _warmup(int(p["min_averages"]), int(p["min_oscillators"])),
    history="converging",
    converged_after=lambda p: ema_converged(200),
    source="TradingView, Technical Ratings, library version 3: components, rules and thresholds as published.",
    notes="Averages: SMA and EMA of 10, 20, 30, 50, 100, 200, HMA 9, VWMA 20, Ichimoku 9/26/52. Oscillators: RSI 14, "
    "stochastic 14/3/3, CCI 20 of closes, ADX 14, awesome, momentum 10, MACD 12/26/9, stochastic RSI 3/3/14/14, "
    "Williams %R 14, bull and bear power 13, ultimate. Each votes 1, 0 or -1; the rating is the mean of both groups' "
    "means. A component that is unknown, such as VWMA without volume or a stochastic without range, is left out of "
    "mean and count. Label: 2 strong buy (above 0.5), 1 buy (above 0.1), 0 neutral, -1 sell, -2 strong sell. "
    "TradingView rates from the first component on: min_averages=1, min_oscillators=1.",
    cost_us=420,
)
def technical_ratings(
    high: Floats, low: Floats, close: Floats, volume_if_any: Floats, /, *, min_averages: int, min_oscillators: int
) -> tuple[Floats, ...]:
    """Return the rating, those of its two groups, how many components each has, and the rating as a label."""
    votes = average_votes(close, PERIODS, _hull(close), _by_volume(close, volume_if_any), _ichimoku(high, low, close))
    averages, average_count = tally(votes)
    found = oscillator_votes(_oscillators(high, low, close), close, exponential(close, TREND))
    oscillators, oscillator_count = tally(found)
    rating, label = both(averages, oscillators)
    columns = (rating, averages, oscillators, average_count, oscillator_count, label)
    for column in columns:
        column[: _warmup(min_averages, min_oscillators)] = np.nan
    return columns


def _hull(close: Floats) -> Floats:
    return weighted(2 * weighted(close, 4) - weighted(close, 9), 3)


def _by_volume(close: Floats, volume: Floats) -> Floats:
    """Return the mean of 20 closes weighted by volume; unknown without volume and where any of it is unknown."""
    return jit[volume_weighted](close, volume, 20)


def _ichimoku(high: Floats, low: Floats, close: Floats) -> Floats:
    conversion, base, second = (middle(high, low, period) for period in (9, 26, 52))
    return cloud_votes(close, conversion, base, (conversion + base) / 2, second)


def _oscillators(high: Floats, low: Floats, close: Floats) -> Oscillators:
    strength = relative_strength(close, 14)
    position = percent_k(high, low, close, 14)
    k, d = smoothed(position, 13, 3, 3)
    of_strength = percent_k(strength, strength, strength, 14, LEAST_RSI_RANGE)
    rsi_k, rsi_d = smoothed(of_strength, 27, 3, 3)
    half = (high + low) / 2
    average = exponential(close, 13)
    macd = exponential(close, 12) - exponential(close, 26)
    plus, minus = plus_minus_di(high, low, close, 14)
    return Oscillators(
        rsi=strength,
        k=k,
        d=d,
        cci=jit[channel_index](close, close, close, 20),
        adx=directional_index(high, low, close, 14),
        plus=plus,
        minus=minus,
        awesome=mean(half, 5) - mean(half, 34),
        momentum=ta.MOM(close, 10),
        macd=macd,
        signal=exponential(macd, 9),
        rsi_k=rsi_k,
        rsi_d=rsi_d,
        williams=position - 100,
        bull=high - average,
        bear=low - average,
        ultimate=jit[ultimate](high, low, close, 7, 14, 28, unit(close)),
    )
