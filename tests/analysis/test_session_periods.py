"""Weeks, months and hours follow sessions, and are known when the schedule of the day said that they were over."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis import Bars, Plan, run
from analysis.resampling import resample
from analysis.session_rule import SessionRule
from analysis.sessions import Sessions
from analysis.validation import entry_checks
from tests.analysis.exchanges import NEW_YORK, bars_of, daily, known_by, ns, table, walk
from tests.shared_folder import LACKING, SHARED

DAY_NS = 86_400_000_000_000
HOUR_NS = 3_600_000_000_000
DATA = SHARED / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{LACKING}data")
ATTACK = {f"2001-09-{day}": "09:30" for day in (11, 12, 13, 14)}
FUNERAL = {"2004-06-11": "09:30"}
BY_PERIOD = [
    *("close@1w", "close@1M", "close@1d", "pivots_traditional(period=week)", "previous_period(period=month)"),
    *("central_pivot_range(period=week)", "anchored_vwap(anchor=quarter)", "anchored_vwap(anchor=week)", "vwap"),
    *("previous_period(period=session)", "anchored_vwap(anchor=date, date=20040609)", "day_of_week"),
]


def place(bars: Bars, day: str) -> int:
    return int(np.flatnonzero(bars.time // DAY_NS == (date.fromisoformat(day) - date(1970, 1, 1)).days)[-1])


def known_week(bars: Bars, day: str) -> float:
    """Return the newest weekly close that is known on the day's last bar."""
    return float(run(Plan.parse(["sma(1)@1w"]), bars)["sma(period=1)@1w"][place(bars, day)])


@needs_data
def test_fridays_bar_knows_the_week_of_spy() -> None:
    frame = pd.read_parquet(DATA / "us_etf_daily_2005_2017.parquet")
    frame = frame[frame["symbol"].astype(str).str.lower() == "spy"]
    frame = frame[(frame["timestamp"] >= "2016-12-01") & (frame["timestamp"] < "2017-06-01")]
    time = frame["timestamp"].dt.tz_localize(None).astype("datetime64[ns]").astype("int64").to_numpy()
    columns = {name: frame[name].to_numpy("float64") for name in ("open", "high", "low", "close")}
    holidays = ("2016-12-26", "2017-01-02", "2017-01-16", "2017-02-20", "2017-04-14", "2017-05-29", "2017-07-04")
    bars = Bars(time=time, **columns, timeframe="1d", sessions=table("2016-11-01", "2018-01-02", holidays=holidays))
    without = Bars(time=time, **columns, timeframe="1d")
    friday, thursday = place(bars, "2017-03-10"), place(bars, "2017-03-09")
    assert known_week(bars, "2017-03-10") == bars.close[friday] == 234.35
    assert known_week(without, "2017-03-10") == known_week(bars, "2017-03-09") != 234.35
    assert known_week(bars, "2017-03-13") == known_week(without, "2017-03-13") == 234.35
    # Good Friday was on the schedule: the week was over on Thursday.
    assert known_week(bars, "2017-04-13") == bars.close[place(bars, "2017-04-13")]
    assert thursday == friday - 1


@pytest.mark.parametrize(
    ("first", "last", "surprise", "before", "after"),
    [
        ("2001-06-01", "2001-12-31", ATTACK, "2001-09-10", "2001-09-17"),
        ("2004-03-01", "2004-12-31", FUNERAL, "2004-06-10", "2004-06-14"),
        ("2004-03-01", "2004-12-31", {"2004-06-11": "13:00"}, "2004-06-11", "2004-06-14"),
    ],
)
def test_a_closing_that_was_not_announced_never_makes_the_week_known_earlier(
    first: str, last: str, surprise: dict[str, str], before: str, after: str
) -> None:
    sessions = table(first, last, unannounced=surprise)
    bars = known_by(daily(sessions), sessions)
    assert known_week(bars, before) != bars.close[place(bars, before)]
    assert known_week(bars, after) == bars.close[place(bars, before)]


def as_scheduled(first: str, last: str, surprise: dict[str, str], newest: int) -> Sessions:
    """Return the table that was known when the newest bar (ns) began: what had happened, and the schedule since."""
    happened = {day: at for day, at in surprise.items() if ns(date.fromisoformat(day), at, NEW_YORK) <= newest}
    return table(first, last, unannounced=happened)


@pytest.mark.parametrize("timeframe", ["1d", "30m"])
@pytest.mark.parametrize("surprise", [ATTACK, {"2001-09-12": "13:00"}, {"2001-09-14": "13:00"}])
def test_the_table_of_each_day_gives_the_same_columns(surprise: dict[str, str], timeframe: str) -> None:
    first, last = "2001-08-01", "2001-12-31"
    later = table(first, last, unannounced=surprise)
    until = (later.date > later.date[0]) & (later.date <= (date(2001, 10, 5) - date(1970, 1, 1)).days)
    happened = Sessions.of(**{name: np.array(column)[until] for name, column in later.to_dict().items()})
    bars = known_by(daily(happened) if timeframe == "1d" else bars_of(happened, "30m", 30, hours=(1, 1)), later)
    plan = Plan.parse([*BY_PERIOD, "close@4h", "high@1h"] if timeframe == "30m" else BY_PERIOD[:2] + BY_PERIOD[3:])
    whole = run(plan, bars)
    days = bars.time // DAY_NS
    for day in np.unique(days[days >= (date(2001, 8, 30) - date(1970, 1, 1)).days]):
        end = int(np.searchsorted(days, day, side="right"))
        for stop in range(max(2, end - 8), end + 1):
            # A daily bar is there when its day is over.
            newest = int(bars.time[stop - 1]) + (DAY_NS if timeframe == "1d" else 0)
            then = known_by(bars[:stop], as_scheduled(first, last, surprise, newest))
            past = run(plan, then)
            for key, column in whole.columns.items():
                assert np.array_equal(past.columns[key], column[:stop], equal_nan=True), (key, stop)


def test_the_weeks_of_sydney_are_those_of_its_sessions() -> None:
    """Monday's first half hours in Sydney are Sunday's in UTC."""
    sessions = table("2016-11-01", "2018-01-15", zone="Australia/Sydney", opens="10:00", closes="16:00")
    some = (sessions.date > 17_166) & (sessions.date < 17_250)
    part = Sessions.of(**{name: np.array(column)[some] for name, column in sessions.to_dict().items()})
    bars = known_by(bars_of(part, "30m", 30), sessions)
    frame = pd.DataFrame({"close": bars.close, "high": bars.high}, index=pd.to_datetime(bars.time, utc=True))
    local = frame.index.tz_convert("Australia/Sydney").tz_localize(None).to_period("W")
    last = frame.groupby(local).agg({"close": "last", "high": "max"}).shift(1)
    want = last.loc[local]
    found = run(Plan.parse(["previous_period(period=week)"]), bars)
    from_second = local != local[0]
    assert np.array_equal(
        found["previous_period(period=week).close"][from_second], want["close"].to_numpy()[from_second]
    )
    assert np.array_equal(found["previous_period(period=week).high"][from_second], want["high"].to_numpy()[from_second])
    assert from_second.sum() > 600


@needs_data
def test_a_day_of_currencies_ends_at_five_in_new_york() -> None:
    frame = pd.read_parquet(DATA / "fx_hourly_2010_2018.parquet")
    frame = frame[(frame["symbol"].astype(str) == "EURUSD") & (frame["timestamp"] >= "2016-12-31")]
    frame = frame[frame["timestamp"] < "2018-01-01"]
    time = frame["timestamp"].dt.tz_localize(None).astype("datetime64[ns]").astype("int64").to_numpy()
    columns = {name: frame[name].to_numpy("float64") for name in ("open", "high", "low", "close")}
    sessions = SessionRule.parse("17:00 America/New_York mon-fri").table(time)
    bars = Bars(time=time, **columns, timeframe="1h", sessions=sessions)
    days = resample(bars, "1d").bars
    assert days is not None
    shifted = frame["timestamp"].dt.tz_convert(NEW_YORK).dt.tz_localize(None) + pd.Timedelta(hours=7)
    dates = shifted.dt.normalize()
    by_hand = frame.assign(date=dates.to_numpy()).groupby("date").agg(close=("close", "last"), high=("high", "max"))
    # Saturday and Sunday have no session of their own.
    assert set(np.asarray(by_hand.index.day_of_week)) <= {0, 1, 2, 3, 4}
    want = by_hand.loc[pd.to_datetime(days.time)]
    assert np.array_equal(days.close, want["close"])
    assert np.array_equal(days.high, want["high"])
    assert len(days) in (len(by_hand) - 1, len(by_hand))
    week = run(Plan.parse(["previous_period(period=week)"]), bars)["previous_period(period=week).close"]
    weeks = (shifted.dt.to_period("W")).to_numpy()
    ends = pd.Series(bars.close).groupby(weeks).last().shift(1)
    later = weeks != weeks[0]
    assert np.array_equal(week[later], ends.loc[weeks].to_numpy()[later])


@pytest.mark.parametrize("month", [1, 7])
def test_new_yorks_four_hours_are_eight_and_five_half_hours(month: int) -> None:
    sessions = table(f"2017-0{month}-02", f"2017-0{month}-28", holidays=("2017-07-04", "2017-01-02", "2017-01-16"))
    some = Sessions.of(**{name: np.array(column)[:8] for name, column in sessions.to_dict().items()})
    bars = known_by(bars_of(some, "30m", 30), sessions)
    made = resample(bars, "4h")
    assert made.bars is not None
    counts = np.diff(np.flatnonzero(np.diff(made.place, prepend=-2)))
    assert made.place.tolist()[:26] == [-1] * 7 + [0] * 5 + [1] * 8 + [2] * 5 + [3]
    assert set(counts.tolist()) <= {7, 5, 8}
    day = date.fromisoformat(str(np.datetime64(int(bars.session[13]), "D")))
    assert made.bars.time[2:4].tolist() == [ns(day, "09:30", NEW_YORK), ns(day, "13:30", NEW_YORK)]
    assert made.bars.close[1] == bars.close[12]
    assert made.bars.open[2] == bars.open[13]


def test_what_comes_before_and_after_hours_has_hours_of_its_own() -> None:
    sessions = table("2017-03-01", "2017-04-28")
    some = Sessions.of(**{name: np.array(column)[1:6] for name, column in sessions.to_dict().items()})
    bars = known_by(bars_of(some, "30m", 30, hours=(3, 2)), sessions)
    hours = resample(bars, "4h").bars
    days = resample(bars, "1d").bars
    assert hours is not None
    assert days is not None
    day = date(2017, 3, 3)
    at = [ns(day, clock, NEW_YORK) for clock in ("05:30", "09:30", "13:30", "16:00")]
    assert set(at) <= set(hours.time.tolist())
    inside = (bars.time >= at[1]) & (bars.time < at[3])
    of_day = days.time == (day - date(1970, 1, 1)).days * DAY_NS
    assert days.high[of_day] == bars.high[inside].max()
    assert days.close[of_day] == bars.close[inside][-1]
    # They belong to their session all the same.
    assert len(np.unique(bars.session)) == 5


@pytest.mark.parametrize("timeframe", ["1d", "30m", "1h"])
def test_no_later_bar_changes_what_sessions_cut(timeframe: str) -> None:
    sessions = table(
        "2003-11-03", "2005-01-07", early={"2003-11-28": "13:00"}, unannounced=FUNERAL, holidays=("2004-01-01",)
    )
    if timeframe == "1d":
        bars = known_by(daily(sessions), sessions)
    else:
        some = Sessions.of(**{name: np.array(column)[120:200] for name, column in sessions.to_dict().items()})
        bars = known_by(bars_of(some, timeframe, 30 if timeframe == "30m" else 60, hours=(2, 2)), sessions)
    texts = BY_PERIOD if timeframe != "1d" else [text for text in BY_PERIOD if text != "close@1d"]
    plan = Plan.parse([*texts, *(["close@4h", "vwap@4h", "vwap@1d"] if timeframe != "1d" else [])])
    whole = run(plan, bars, now_ns=entry_checks.LATER_NS)
    for stop in np.random.default_rng(2).integers(30, len(bars), 60):
        past = run(plan, bars[: int(stop)], now_ns=entry_checks.LATER_NS)
        for key, column in whole.columns.items():
            assert np.array_equal(past.columns[key], column[:stop], equal_nan=True), (key, stop)


def test_a_table_that_ends_with_the_week_does_not_make_it_known() -> None:
    sessions = table("2017-03-01", "2017-03-15")
    bars = known_by(daily(sessions), sessions)
    assert known_week(bars, "2017-03-15") == bars.close[place(bars, "2017-03-10")]


def test_months_of_weeks_follow_the_schedule() -> None:
    sessions = table("2016-11-01", "2018-01-15")
    mondays = np.arange(17_168, 17_400, 7) * DAY_NS
    weeks = walk(mondays, "1w", sessions)
    made = resample(weeks, "1M")
    assert made.bars is not None
    stamps = made.bars.time.astype("M8[ns]").astype("M8[D]").astype(str)
    assert set(stamps) <= {f"2017-0{month}-01" for month in range(1, 9)}
