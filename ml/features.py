"""What a model looks at: about forty numbers of the confirming bar and of the event, without scale, date or symbol.

Those of the bars are expressions of the analysis language, whose entries are certified to be the same on every prefix;
those with a direction are multiplied by the event's side, so that above zero is always with the event.
"""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256

import numpy as np

from analysis import Bars, Plan, run
from analysis.arrays import Floats
from analysis.events import Event
from analysis.kernels.average_range import average_range
from analysis.outcomes import ATR_PERIOD, Setups
from ml.arrays import Matrix

BARS_NEEDED = 260  # of history before an event: the longest window, and the recursions have forgotten their seed
LATER_NS = 4_102_444_800_000_000_000  # 2100: who calls has left out a bar that is not over
DEVIATION = "standard_deviation(roc(1), 20)"

WITH_DIRECTION: dict[str, str] = {
    **{f"return_{n}": f"roc({n}) / ({DEVIATION} * {n**0.5:.6f})" for n in (1, 2, 3, 5, 10, 20, 60, 120)},
    **{f"above_average_{n}": f"(close - sma({n})) / atr(14)" for n in (10, 20, 50, 100, 200)},
    **{f"slope_{n}": f"change(sma({n}), 5) / atr(14)" for n in (20, 50)},
    "rsi_2": "rsi(2) - 50",
    "rsi_14": "rsi(14) - 50",
    "macd": "macd.macd / atr(14)",
    "macd_histogram": "macd.histogram / atr(14)",
    "stochastic": "stochastic.k - 50",
    "percent_b": "bollinger_bands.percent_b - 0.5",
    "directional": "(di.plus - di.minus) / (di.plus + di.minus)",
    "position_60": "(close - lowest(low, 60)) / (highest(high, 60) - lowest(low, 60)) - 0.5",
    "position_250": "(close - lowest(low, 250)) / (highest(high, 250) - lowest(low, 250)) - 0.5",
    "close_in_bar": "(2 * close - high - low) / (high - low)",
    "body": "(close - open) / atr(14)",
    "gap": "(open - close[1]) / atr(14)",
    "volume_balance_5": "change(obv, 5) / (5 * sma(volume, 5))",
    "volume_balance_20": "change(obv, 20) / (20 * sma(volume, 20))",
}
WITHOUT_DIRECTION: dict[str, str] = {
    "adx": "adx(14)",
    "bar_range": "(high - low) / atr(14)",
    "volatility": "atr(14) / close",
    "volatility_5_20": f"standard_deviation(roc(1), 5) / {DEVIATION}",
    "volatility_20_60": f"{DEVIATION} / standard_deviation(roc(1), 60)",
    "bandwidth": "bollinger_bands.bandwidth",
    "volume_z": "(volume - sma(volume, 20)) / standard_deviation(volume, 20)",
    "volume_5_60": "sma(volume, 5) / sma(volume, 60)",
    "straightness": "linear_regression(40).r2",
}
OF_EVENT = (
    "to_target",
    "to_stop",
    "reward_to_risk",
    "life",
    "span",
    "delay",
    "points",
    "score",
    "chance_up",
    "chance_down",
)
NAMES = (*WITH_DIRECTION, *WITHOUT_DIRECTION, *OF_EVENT)


@cache
def plan() -> Plan:
    """Return the plan of the expressions, in their order."""
    return Plan.parse([f"{name}_ = {text}" for name, text in {**WITH_DIRECTION, **WITHOUT_DIRECTION}.items()])


@cache
def version() -> str:
    """Return 16 hexadecimal digits over names, order and expressions: a model is fed with no others."""
    return sha256(repr((*WITH_DIRECTION.items(), *WITHOUT_DIRECTION.items(), OF_EVENT)).encode()).hexdigest()[:16]


def matrix(bars: Bars, events: Sequence[Event], setups: Setups, chance: tuple[Floats, Floats]) -> Matrix:
    """Return a row per event and a column per name, NaN where something is unknown; nothing after the event is read.

    `chance` is the random walk's probability of target and stop.
    """
    if not events:
        return np.empty((0, len(NAMES)), np.float32)
    known = setups.known
    found = np.empty((len(events), len(NAMES)))
    columns = run(plan(), bars, now_ns=LATER_NS).columns
    for place, name in enumerate((*WITH_DIRECTION, *WITHOUT_DIRECTION)):
        found[:, place] = columns[f"{name}_"][known]
    found[:, : len(WITH_DIRECTION)] *= setups.sides[:, np.newaxis]
    found[:, -len(OF_EVENT) :] = _of_events(bars, events, setups, chance)
    found[~np.isfinite(found)] = np.nan
    return found.astype(np.float32)


def _of_events(bars: Bars, events: Sequence[Event], setups: Setups, chance: tuple[Floats, Floats]) -> Floats:
    unit = average_range(bars.high, bars.low, bars.close, ATR_PERIOD)[setups.known]
    shapes = np.array([_shape(event) for event in events], np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(setups.to_target / setups.to_stop)
        ways = setups.to_target / unit, setups.to_stop / unit
    return np.column_stack((*ways, ratio, setups.life, shapes, *chance))


def _shape(event: Event) -> tuple[float, float, float, float]:
    """Return the bars from first to last point, those from there to the confirmation, the points and the score."""
    if not event.points:
        return 0.0, 0.0, 0.0, event.score
    first, last = event.points[0].bar, event.points[-1].bar
    return last - first, event.bar - last, len(event.points), event.score
