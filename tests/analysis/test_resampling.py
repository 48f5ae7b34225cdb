"""Higher timeframes: whole bars only, each known from the first base bar that closes at or after its end."""

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.errors import PlanError
from analysis.language.parser import parse
from analysis.resampling import resample
from analysis.timeframe import LENGTH_NS
from analysis.validation import entry_checks, series
from tests.analysis.shipped import demo
from tests.bars import DAY_NS

LATER_NS = entry_checks.LATER_NS


def daily(first: str, count: int, *, weekends: bool) -> Bars:
    """Return daily bars whose close is 1, 2, 3, … and whose range is one either side."""
    days = np.datetime64(first) + np.arange(2 * count)
    days = days[:count] if weekends else days[np.is_busday(days)][:count]
    close = np.arange(1.0, count + 1) + 10
    return Bars(
        time=days.astype("datetime64[ns]").astype(np.int64),
        open=close,
        high=close + 1,
        low=close - 1,
        close=close,
        volume=np.ones(count),
        timeframe="1d",
    )


def test_a_week_of_business_days_is_known_from_mondays_bar() -> None:
    bars = daily("2024-01-01", 12, weekends=False)  # a Monday
    made = resample(bars, "1w")
    assert made.place.tolist() == [-1] * 5 + [0] * 5 + [1] * 2
    weeks = made.bars
    assert weeks is not None
    assert (weeks.open.tolist(), weeks.close.tolist()) == ([11, 16], [15, 20])
    assert (weeks.high.tolist(), weeks.low.tolist(), weeks.volume.tolist()) == ([16, 21], [10, 15], [5, 5])
    assert weeks.timeframe == "1w"


def test_a_week_of_seven_days_is_known_on_sunday() -> None:
    made = resample(daily("2024-01-01", 16, weekends=True), "1w")
    assert made.place.tolist() == [-1] * 6 + [0] * 7 + [1] * 3


def test_a_week_that_the_bars_begin_inside_of_never_counts() -> None:
    made = resample(daily("2024-01-03", 10, weekends=False), "1w")  # a Wednesday
    assert made.place.tolist() == [-1] * 8 + [0] * 2
    assert made.bars is not None
    assert made.bars.open.tolist() == [14]


def test_months_are_the_calendars() -> None:
    made = resample(daily("2024-01-01", 70, weekends=True), "1M")
    assert made.place[30] == 0
    assert made.place[29] == -1
    assert made.place[-1] == 1
    assert made.bars is not None
    assert len(made.bars) == 2


def test_a_session_is_known_from_the_next_ones_first_bar() -> None:
    bars = series.intraday(7 * 5)
    made = resample(bars, "1d")
    assert made.place.tolist() == [-1] * 14 + [0] * 7 + [1] * 7 + [2] * 7
    assert made.bars is not None
    assert made.bars.close[0] == bars.close[13]
    assert made.bars.high[0] == bars.high[7:14].max()


def test_nothing_is_known_while_no_bar_is_over() -> None:
    bars = daily("2024-01-02", 4, weekends=False)
    result = run(Plan.parse(["close@1w", "close"]), bars, now_ns=LATER_NS)
    assert np.isnan(result["close@1w"]).all()
    assert result.quality[0]["code"] == "insufficient_history"


def test_a_weekly_value_is_that_of_the_weekly_bars() -> None:
    bars = demo("AAPL", 600)
    made = resample(bars, "1w")
    assert made.bars is not None
    weekly = run(Plan.parse(["rsi", "macd"]), made.bars, now_ns=LATER_NS)
    result = run(Plan.parse(["rsi(14)@1w", "macd.signal@1w", "macd@1w", "ema(rsi@1w, 5)"]), bars, now_ns=LATER_NS)
    last = made.place[-1]
    assert result["rsi@1w"][-1] == weekly["rsi"][last]
    assert result["macd.signal@1w"][-1] == result["macd@1w.signal"][-1] == weekly["macd.signal"][last]
    assert np.isfinite(result["ema(rsi@1w, 5)"][-1])


def test_a_condition_may_mix_timeframes() -> None:
    bars = demo("MSFT", 500)
    result = run(Plan.parse(["x = rsi < 50 and (close > sma(10))@1w"]), bars, now_ns=LATER_NS)
    assert set(np.unique(result["x"][200:])) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("rsi(14)@1w", demo("AAPL", 420)),
        ("atr@1M", demo("AAPL", 700)),
        ("(close > sma(5))@1w", series.rough(260)),
        ("highest(high, 3)@1d", series.intraday(220)),
        ("ema(close@4h, 3)", series.intraday(220)),
        ("close@1w[1] - lowest(low@1w, 4)", series.rough(200)),
    ],
)
def test_no_value_changes_when_later_bars_arrive(text: str, bars: Bars) -> None:
    plan = Plan.parse([f"x = {text}"])
    full = run(plan, bars, now_ns=LATER_NS)["x"]
    assert np.isfinite(full).any()
    for cut in [*range(60, 80), *range(80, len(bars), 7)]:
        part = entry_checks.run_or_unknown(plan, bars.slice(None, cut))
        assert np.array_equal(part, full[:cut], equal_nan=True), cut


@pytest.mark.parametrize("text", ["rsi@1w@1M", "5@1w", "rsi@2w", "rsi@", "rsi@1", "@1w", "(rsi@1w)@1M"])
def test_what_has_no_values_on_another_timeframe_is_refused(text: str) -> None:
    with pytest.raises(PlanError):
        parse(text, "")


def test_texts_come_back() -> None:
    for text in ("rsi@1w", "macd.signal@1w", "(close > sma)@1w", "close@1w[1]", "close[1]@1M", "ema(rsi@1w, period=5)"):
        assert parse(text, "").text == text


def test_a_timeframe_that_is_not_higher_is_a_fault_of_the_plan_or_a_note() -> None:
    with pytest.raises(PlanError) as caught:
        Plan.parse(["rsi", "rsi@1h"], timeframe="1d")
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/1", "not_higher")]
    result = run(Plan.parse(["rsi", "rsi@1h"]), series.walk(40), now_ns=LATER_NS)
    assert [note["code"] for note in result.quality if note["entry"] == "rsi@1h"] == ["not_higher"]


def test_history_in_base_bars_covers_the_higher_bars() -> None:
    plan = Plan.parse(["sma(10)@1w"])
    assert plan.history() is None
    assert plan.history("1d") == (9 + 3) * 7
    bars = demo("SPX", 900)
    full = run(plan, bars, now_ns=LATER_NS, output=1)
    part = run(plan, bars.slice(-1 - plan.history("1d"), None), now_ns=LATER_NS, output=1)
    assert part["sma(10)@1w"][-1] == pytest.approx(full["sma(10)@1w"][-1], rel=1e-12)


def test_every_known_length_has_bars_of_its_own() -> None:
    minutes = LENGTH_NS["1h"] * np.arange(24 * 80, dtype=np.int64) + 4 * DAY_NS
    base = series.walk(len(minutes))
    bars = series.changed(base, time=minutes, timeframe="1h")
    for timeframe in ("2h", "4h", "6h", "8h", "12h", "1d", "1w"):
        made = resample(bars, timeframe).bars
        assert made is not None
        assert abs(len(made) - len(bars) * LENGTH_NS["1h"] // LENGTH_NS[timeframe]) <= 1
