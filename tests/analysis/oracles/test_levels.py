"""Levels of the period before, worked by hand on three weeks of two bars each."""

from collections.abc import Callable

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.validation.entry_checks import LATER_NS
from tests.analysis.oracles.cases import Case, case
from tests.analysis.oracles.sources import worked

DAY_NS = 86_400_000_000_000
MONDAY = 19_723 * DAY_NS + 0  # 2024-01-01

# Weeks of 2024-01-01, -08 and -15, bars on Monday and Friday. The week before the second week's bars has
# O 10, H 14, L 8, C 11: range 6, P = 33 / 3 = 11. The second week has O 12, H 15, L 9, C 9: range 6, P = 33 / 3 = 11.
BARS = Bars(
    time=np.array([MONDAY + day * DAY_NS for day in (0, 4, 7, 11, 14, 18)], dtype=np.int64),
    open=np.array([10.0, 12.0, 12.0, 13.0, 10.0, 11.0]),
    high=np.array([13.0, 14.0, 15.0, 14.0, 12.0, 13.0]),
    low=np.array([8.0, 9.0, 11.0, 9.0, 9.0, 10.0]),
    close=np.array([12.0, 11.0, 13.0, 9.0, 11.0, 12.0]),
    timeframe="1d",
)


TV = "TradingView's help, 43000521824"
# The help page's own example: AAPL on 2019-06-18, the levels of the day after.
PRINTED = {
    "p": 197.983333333, "r1": 200.756666666, "s1": 195.676666666, "r2": 203.063333333, "s2": 192.903333333,
    "r3": 205.836666666, "s3": 190.596666666, "r4": 208.609999999, "s4": 188.289999999, "r5": 211.383333332,
    "s5": 185.983333332,
}  # fmt: skip


def day_before(high: float, low: float, close: float, days: int = 3) -> Bars:
    """Return days that are all alike."""
    prices = {name: np.full(days, value) for name, value in (("open", close), ("high", high), ("low", low))}
    time = MONDAY + DAY_NS * np.arange(days, dtype=np.int64)
    return Bars(time=time, **prices, close=np.full(days, close), timeframe="1d")


def both(second: float, third: float) -> list[float | None]:
    return [None, None, second, second, third, third]


CASES = [
    case(
        "previous_period",
        worked("pandas, grouped by week (below)", BARS, high=both(14, 15), low=both(8, 9), close=both(11, 9)),
        period="week",
    ),
    # Middle (14 + 8) / 2 = 11 on the pivot; then (15 + 9) / 2 = 12, mirrored about 11: 10.
    case(
        "central_pivot_range",
        worked("Zerodha's help on the CPR", BARS, top=both(11, 12), pivot=both(11, 11), bottom=both(11, 10)),
        period="week",
    ),
    # R1 = 22 − 8 and 22 − 9, S1 = 22 − 14 and 22 − 15; R2 = P + 6; R3 = 22 + 14 − 16, S3 = 22 − 28 + 8;
    # R4 = 33 + 14 − 24, S4 = 33 − 42 + 8; R5 = 44 + 14 − 32, S5 = 44 − 56 + 8; then with 15 and 9.
    case(
        "pivots_traditional",
        worked(
            TV, BARS, p=both(11, 11), r1=both(14, 13), s1=both(8, 7), r2=both(17, 17), s2=both(5, 5), r3=both(20, 19),
            s3=both(2, 1), r4=both(23, 21), s4=both(-1, -3), r5=both(26, 23), s5=both(-4, -7),
        ),
        period="week",
    ),
    case(
        "pivots_traditional",
        worked(TV, day_before(200.29, 195.21, 198.45, 4), 3e-9, **{name: [one] * 3 for name, one in PRINTED.items()}),
        period="session",
    ),
    case(
        "pivots_classic",
        worked(TV, BARS, p=both(11, 11), r1=both(14, 13), r3=both(23, 23), s3=both(-1, -1), r4=both(29, 29)),
        period="week",
    ),
    # 11 ± 0.382 × 6 = 2.292, 0.618 × 6 = 3.708, 6.
    case(
        "pivots_fibonacci",
        worked(TV, BARS, r1=both(13.292, 13.292), s1=both(8.708, 8.708), r2=both(14.708, 14.708), s3=both(5, 5)),
        period="week",
    ),
    # C ± 6.6 / 12 = 0.55, / 6 = 1.1, / 4 = 1.65, / 2 = 3.3, about 11 and 9; R5 = 14 / 8 × 11 and 15 / 9 × 9.
    case(
        "pivots_camarilla",
        worked(
            TV, BARS, r1=both(11.55, 9.55), s2=both(9.9, 7.9), r3=both(12.65, 10.65), s4=both(7.7, 5.7),
            r5=both(19.25, 15), s5=both(2.75, 3),
        ),
        period="week",
    ),
    # Present opens 12 and 10: P = (14 + 8 + 24) / 4 = 11.5 and (15 + 9 + 20) / 4 = 11; R1 = 23 − 8, 22 − 9.
    case(
        "pivots_woodie",
        worked(TV, BARS, p=both(11.5, 11), r1=both(15, 13), s1=both(9, 7), r2=both(17.5, 17), r3=both(21, 19)),
        period="week",
    ),
    # C 11 > O 10: X = 2 × 14 + 8 + 11 = 47. C 9 < O 12: X = 15 + 2 × 9 + 9 = 42.
    case(
        "pivots_demark",
        worked(TV, BARS, p=both(11.75, 10.5), r1=both(15.5, 12), s1=both(9.5, 6)),
        period="week",
    ),
]  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=str)
def test_levels_agree_with_what_was_worked_by_hand(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)


def test_the_fourth_levels_are_not_a_range_beyond_the_third() -> None:
    """H 110, L 90, C 105: 145 and 65 after TradingView's rule, where R3 and a range more made 153.33 and 53.33."""
    result = run(Plan.parse(["pivots_traditional(period=session)"]), day_before(110, 90, 105), now_ns=LATER_NS)
    found = {name: result[f"pivots_traditional(period=session).{name}"][-1] for name in ("r4", "s4", "r5", "s5")}
    assert found == pytest.approx({"r4": 145, "s4": 65, "r5": 4 * 305 / 3 + 110 - 360, "s5": 4 * 305 / 3 - 440 + 90})


def test_the_weeks_before_are_those_of_pandas() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({name: getattr(BARS, name) for name in ("high", "low", "close")})
    week = pandas.to_datetime(BARS.time).to_period("W")
    weekly = frame.groupby(week).agg({"high": "max", "low": "min", "close": "last"}).shift(1)
    result = run(Plan.parse(["previous_period(period=week)"]), BARS, now_ns=LATER_NS)
    for name in frame:
        expected = weekly[name].reindex(week).to_numpy()
        assert np.array_equal(result[f"previous_period(period=week).{name}"], expected, equal_nan=True)
