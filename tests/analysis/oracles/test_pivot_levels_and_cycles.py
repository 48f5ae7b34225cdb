"""Fractals, cycles, bricks and levels of turns: against others, or worked out step by step from the publication."""

from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from math import cos, exp, pi, sin, sqrt

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS
from tests.analysis.oracles.cases import Case, Source, case
from tests.analysis.oracles.sources import lean, skender, worked
from tests.analysis.oracles.stepwise import Lines, stepwise, talib


def periodogram() -> Source:
    """Ehlers' listing, with lists."""

    def derive(bars: Bars) -> Lines:
        price, count = bars.close.tolist(), len(bars)
        angle = 0.707 * 2 * pi / 48
        a1 = (cos(angle) + sin(angle) - 1) / cos(angle)
        e = exp(-1.414 * pi / 10)
        c2, c3 = 2 * e * cos(1.414 * pi / 10), -e * e
        c1 = 1 - c2 - c3
        high, smooth = [0.0, 0.0], [0.0, 0.0]
        for at in range(2, count):
            bend = price[at] - 2 * price[at - 1] + price[at - 2]
            high.append((1 - a1 / 2) ** 2 * bend + 2 * (1 - a1) * high[-1] - (1 - a1) ** 2 * high[-2])
            smooth.append(c1 * (high[-1] + high[-2]) / 2 + c2 * smooth[-1] + c3 * smooth[-2])
        power, largest, found = dict.fromkeys(range(10, 49), 0.0), 0.0, [0.0] * 0
        for at in range(51, count):
            likeness = {
                lag: pearson(smooth[at - 2 : at + 1], smooth[at - lag - 2 : at - lag + 1]) for lag in range(3, 49)
            }
            largest *= 0.995
            for period in power:
                real = sum(value * cos(2 * pi * lag / period) for lag, value in likeness.items())
                imaginary = sum(value * sin(2 * pi * lag / period) for lag, value in likeness.items())
                power[period] = 0.2 * (real**2 + imaginary**2) ** 2 + 0.8 * power[period]
                largest = max(largest, power[period])
            strong = {period: value / largest for period, value in power.items() if value / largest >= 0.5}
            centre = sum(period * share for period, share in strong.items())
            found.append(centre / sum(strong.values()) if strong else found[-1])
        return {"period": found}

    return stepwise(derive, relative=1e-6, second="MarketCycles.jl, listing 8-3, up to the power of a period")


def schaff() -> Source:
    """Two averages' difference, its place in ten bars smoothed by halves, and the same of that."""

    def derive(bars: Bars) -> Lines:
        close = bars.close.tolist()
        fast, slow = exponential(close, 23), exponential(close, 50)
        once = placed([a - b for a, b in zip(fast[27:], slow, strict=True)])
        return {"value": placed(once)}

    return stepwise(derive)


def exponential(values: list[float], period: int) -> list[float]:
    found = [sum(values[:period]) / period]
    for value in values[period:]:
        found.append(found[-1] + 2 / (period + 1) * (value - found[-1]))
    return found


def placed(values: list[float]) -> list[float]:
    found: list[float] = []
    place = 0.0
    for at in range(9, len(values)):
        recent = values[at - 9 : at + 1]
        if max(recent) - min(recent) > 1e-9:
            place = 100 * (values[at] - min(recent)) / (max(recent) - min(recent))
        found.append((found[-1] + place) / 2 if found else place)
    return found


def pearson(one: list[float], other: list[float]) -> float:
    x, y = sum(one) / len(one), sum(other) / len(other)
    along = sum((a - x) * (b - y) for a, b in zip(one, other, strict=True))
    return along / sqrt(sum((a - x) ** 2 for a in one) * sum((b - y) ** 2 for b in other))


def average_ranges(bars: Bars, period: int = 14) -> list[float | None]:
    """Wilder's, on each bar."""
    rows = zip(bars.high[1:].tolist(), bars.low[1:].tolist(), bars.close[:-1].tolist(), strict=True)
    ranges = [max(high, before) - min(low, before) for high, low, before in rows]
    found: list[float | None] = [None] * period
    known = sum(ranges[:period]) / period
    found.append(known)
    for one in ranges[period:]:
        known = (known * (period - 1) + one) / period
        found.append(known)
    return found


def bricks() -> Source:
    """A list of bricks, of the first ATR's size."""

    def derive(bars: Bars) -> Lines:
        close, size = bars.close.tolist(), average_ranges(bars)[14]
        assert size is not None
        wall: list[tuple[float, float]] = []
        base = close[14]
        lines: dict[str, list[float | None]] = {"open": [], "close": [], "direction": [], "bricks": []}
        for price in close[14:]:
            number = 0
            while True:
                top, bottom = (max(wall[-1]), min(wall[-1])) if wall else (base, base)
                if price >= top + size:
                    wall.append((top, top + size))
                    number += 1
                elif price <= bottom - size:
                    wall.append((bottom, bottom - size))
                    number -= 1
                else:
                    break
            opened, closed = wall[-1] if wall else (None, None)
            lines["open"].append(opened)
            lines["close"].append(closed)
            lines["direction"].append(0.0 if not wall else 1.0 if wall[-1][1] > wall[-1][0] else -1.0)
            lines["bricks"].append(float(number))
        return lines

    return stepwise(derive, second="Stock.Indicators' bricks of one size (test_second_programs)")


def turns(bars: Bars, scale: float) -> list[list[float]]:
    """The prices of the turns known on each bar, told by looking at all bars since the last one."""
    ranges = average_ranges(bars)
    known: list[float] = []
    found: list[list[float]] = [[] for _ in range(14)]
    begin, kind = 14, 0
    for at in range(14, len(bars)):
        reach = scale * float(ranges[at] or 0.0)
        top = begin + int(np.argmax(bars.high[begin : at + 1]))
        bottom = begin + int(np.argmin(bars.low[begin : at + 1]))
        if kind >= 0 and top < at and bars.high[top] - bars.low[at] > reach:
            known, begin, kind = [*known, float(bars.high[top])], top + 1, -1
        elif kind <= 0 and bottom < at and bars.high[at] - bars.low[bottom] > reach:
            known, begin, kind = [*known, float(bars.low[bottom])], bottom + 1, 1
        found.append(known)
    return found


CALCULATOR = "marketvolume.com's Fibonacci calculator, of 10, 20 and 15 (below)"


def retracement() -> Source:
    def derive(bars: Bars) -> Lines:
        legs = [known[-2:] if len(known) > 1 else [None, None] for known in turns(bars, 3.0)]
        parts = {"level_0": 0.0, "level_382": 0.382, "level_618": 0.618, "level_1000": 1.0}
        return {
            name: [None if a is None or b is None else b + part * (a - b) for a, b in legs]
            for name, part in parts.items()
        }

    return stepwise(derive, second=CALCULATOR)


def extension() -> Source:
    def derive(bars: Bars) -> Lines:
        legs = [known[-3:] if len(known) > 2 else [None] * 3 for known in turns(bars, 3.0)]
        parts = {"level_618": 0.618, "level_1000": 1.0, "level_1618": 1.618}
        return {
            name: [None if a is None or b is None or c is None else c + part * (b - a) for a, b, c in legs]
            for name, part in parts.items()
        }

    return stepwise(derive, second=CALCULATOR)


ROUND = series.changed(
    series.walk(5),
    **dict.fromkeys(("open", "high", "low", "close"), np.array([187.3, 180.0, 1.127, 51_900.0, 0.00042])),
)
CASES = [
    case("hurst", skender("hurst", value="hurstExponent", corrected="hurstExponentAL")),
    case(
        "frama",
        lean("frama.txt.gz", value="Filt"),
        absolute=0.066,
        why="of 2,502 values 13 in one stretch are up to 0.065 apart, all others agree to the cent that is printed",
    ),
    case("schaff_trend_cycle", schaff()),
    case("autocorrelation_periodogram", periodogram()),
    case("hilbert_dominant_period", talib("HT_DCPERIOD", inputs="close")),
    case("hilbert_phasor", talib("HT_PHASOR", inputs="close", outputs="in_phase quadrature")),
    case("hilbert_phase", talib("HT_DCPHASE", inputs="close")),
    case("hilbert_sine", talib("HT_SINE", inputs="close", outputs="sine lead")),
    case("hilbert_trend_mode", talib("HT_TRENDMODE", inputs="close", begins=63)),
    case("renko", bricks()),
    case("fibonacci_retracement", retracement()),
    case("fibonacci_extension", extension()),
    case(
        "psychological_levels",
        worked(
            "Python's decimal, to two digits (below)",
            ROUND,
            below=[180, 180, 1.1, 51_000, 0.00042],
            above=[190, 190, 1.2, 52_000, 0.00043],
        ),
    ),
]


@pytest.mark.parametrize("one", CASES, ids=str)
def test_legs_and_cycles_agree_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)


def test_round_numbers_are_those_of_decimal_arithmetic() -> None:
    result = run(Plan.parse(["psychological_levels"]), ROUND, now_ns=LATER_NS)
    for close, below, above in zip(ROUND.close, *result.columns.values(), strict=True):
        price = Decimal(repr(float(close)))
        step = Decimal(1).scaleb(price.adjusted() - 1)
        floor = (price / step).to_integral_value(ROUND_FLOOR) * step
        assert (float(floor), float(floor + step)) == pytest.approx((below, above))


def test_levels_of_a_leg_are_those_that_a_calculator_prints() -> None:
    """Of a rise from 10 to 20 and back to 15: 38.2 % back is 16.18, 61.8 % 13.82; ahead are 21.18, 25 and 31.18."""
    ends = [12.0, 10.0, 20.0, 15.0, 17.0]
    close = np.concatenate([[12.0] * 20, *(np.linspace(a, b, 11)[1:] for a, b in pairwise(ends))])
    time = 86_400_000_000_000 * np.arange(len(close), dtype=np.int64)
    bars = Bars(time=time, open=close, high=close, low=close, close=close, timeframe="1d")
    result = run(Plan.parse(["fibonacci_retracement(scale=1)", "fibonacci_extension(scale=1)"]), bars, now_ns=LATER_NS)
    columns = {key.rpartition(".")[2] + key[10:13]: column for key, column in result.columns.items()}
    known = int(np.flatnonzero(close == 15.0)[-1])  # the top is known, the low of 15 is not yet
    for level, printed in (("level_382ret", 16.18), ("level_618ret", 13.82)):
        assert columns[level][known] == pytest.approx(printed)
    for level, printed in (("level_618ext", 21.18), ("level_1000ext", 25.0), ("level_1618ext", 31.18)):
        assert columns[level][-1] == pytest.approx(printed)


def test_a_wall_of_bricks_has_no_gap() -> None:
    source = bricks().load(None)  # type: ignore[arg-type]
    pairs = {(a, b) for a, b in zip(source.columns["open"], source.columns["close"], strict=True) if a == a}
    heights = [abs(b - a) for a, b in pairs]
    assert max(heights) - min(heights) < 1e-9
    assert len(pairs) > 5
    assert all(one != other for one, other in pairwise(sorted(pairs)))
