"""One decision from five views of the market, each traced to columns of the catalogue."""

import numpy as np

from analysis.kernels import schaff
from analysis.kernels.compiled import compiled
from analysis.kernels.periods import before, first_bars
from analysis.kernels.scaling import unit
from analysis.kernels.talib import ta
from analysis.registry import entry
from analysis.spec import Floats, Output

STILL = 1e-9  # of the price: a difference below it is none
STRONG = 20.0  # ADX from which a direction counts
NARROW, WIDE = 0.75, 1.25  # ATR14 over its mean of 100
VIEWS = ("trend", "momentum", "volatility", "cycle", "levels")


@entry(
    "five_dimensions",
    title="Five dimensions",
    category="signals",
    outputs=(
        *(Output(name, "ratio", -1, 1, flat=0.0, halted=None) for name in VIEWS),
        Output("decision", "ratio", -1, 1, flat=0.0, halted=None),
        Output("agreement", "ratio", 0, 1, flat=0.0, halted=None),
    ),
    warmup=lambda _: 199,
    history="path",
    source="This project's; every vote is a column: trend is the mean of the signs of close − sma(50), sma(50) − "
    "sma(200) and, with adx above 20, of di.plus − di.minus; momentum that of rsi − 50, macd.histogram and roc(10).",
    notes="cycle: the sign of schaff_trend_cycle − 50. levels: 1 above r1 of pivots_traditional, −1 below s1, else "
    "half the sign of close − p (0 without a period before). volatility: 1 where atr is above 1.25 of its mean of 100, "
    "−1 below 0.75; it has no direction and no vote. decision: the mean of the other four. agreement: the share of the "
    "four with the decision's sign.",
    cost_us=110,
)
def five_dimensions(
    open: Floats, high: Floats, low: Floats, close: Floats, session: Floats, day: Floats, /
) -> tuple[Floats, ...]:
    """Return the five views, the decision and how many of the four views with a direction agree with it."""
    factor = unit(close)
    top, bottom, last = high * factor, low * factor, close * factor
    still = STILL * np.abs(last)
    fast, slow = ta.SMA(last, 50), ta.SMA(last, 200)
    directed = _sign(ta.PLUS_DI(top, bottom, last, 14) - ta.MINUS_DI(top, bottom, last, 14), STILL)
    directed[~(ta.ADX(top, bottom, last, 14) > STRONG)] = 0.0
    trend = (_sign(last - fast, still) + _sign(fast - slow, still) + directed) / 3
    strength = np.where(_moved(last), ta.RSI(last, 14) - 50, 0.0)
    momentum = (_sign(strength, STILL) + _sign(ta.MACD(last, 12, 26, 9)[2], still) + _sign(ta.ROC(last, 10), STILL)) / 3
    atr = ta.ATR(top, bottom, last, 14)
    usual = np.full(len(last), np.nan)
    usual[14:] = ta.SMA(np.ascontiguousarray(atr[14:]), 100)
    volatility = np.where(atr > WIDE * usual, 1.0, np.where(atr < NARROW * usual, -1.0, 0.0))
    slower = ta.EMA(last, 50)
    place = compiled(schaff.cycle)(ta.EMA(last, 23) - slower, slower, 49, 10, 0.5)
    cycle = np.where(_moved(last), _sign(place - 50, STILL), 0.0)
    levels = _levels(open, high, low, close, session, day)
    decision = (trend + momentum + cycle + levels) / 4
    side = _sign(decision, STILL)
    agreement = np.zeros(len(close))
    for view in (trend, momentum, cycle, levels):
        agreement += 0.25 * ((_sign(view, STILL) == side) & (side != 0))
    columns = (trend, momentum, volatility, cycle, levels, decision, agreement)
    for column in columns:
        column[:199] = np.nan
    return columns


def _levels(open: Floats, high: Floats, low: Floats, close: Floats, session: Floats, day: Floats) -> Floats:
    """Return 1 above the first resistance of the month before, −1 below its first support, else half a vote."""
    _, highest, lowest, ended, _, which = before(first_bars(session, day, "month"), open, high, low, close)
    pivot = (highest + lowest + ended) / 3
    beyond = (close > (2 * pivot - lowest)[which]) * 1.0 - (close < (2 * pivot - highest)[which]) * 1.0
    half = 0.5 * _sign(close - pivot[which], STILL * np.abs(close))
    return np.where(beyond != 0, beyond, np.where(np.isnan(half), 0.0, half))


def _moved(values: Floats) -> np.typing.NDArray[np.bool_]:
    """Return from which bar on the values have ever been others than the first."""
    return np.logical_or.accumulate(values != values[0])


def _sign(values: Floats, still: Floats | float) -> Floats:
    """Return 1, −1 or, for what is no more than `still`, 0; NaN stays NaN."""
    signs: Floats = np.sign(values)
    signs[np.abs(values) <= still] = 0.0
    return signs
