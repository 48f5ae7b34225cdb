"""Sums that begin again, and the calendar in which they do."""

import numpy as np

from analysis.arrays import Bools, Floats
from analysis.kernels.jit import jit
from analysis.kernels.run_cache import shared

PERIODS = ("week", "month", "quarter", "year")


@shared
def begins(day: Floats, period: str) -> Bools:
    """Return on which bars a new week (from Monday), month, quarter or year begins; the first bar is one."""
    if period == "week":
        return jit[_weeks_begin](day)
    return jit[_months_begin](day, {"month": 1, "quarter": 3, "year": 12}[period])


def not_before(day: Floats, date: int) -> int:
    """Return the first bar whose day, written yyyymmdd, is not below the date; their count if there is none."""
    months = day.astype(np.int64).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    days = day - months.astype("datetime64[M]").astype("datetime64[D]").astype(np.float64) + 1
    written = (1970 + months // 12) * 10_000 + (months % 12 + 1) * 100 + days
    return int(np.searchsorted(written, date))


def paid(high: Floats, low: Floats, close: Floats, volume: Floats, first: Bools) -> Floats:
    """Return the average of typical prices weighted by volume since `first` was last set; NaN before any volume."""
    return jit[_paid](high, low, close, volume, first)


def _paid(high: Floats, low: Floats, close: Floats, volume: Floats, first: Bools) -> Floats:
    found, money, traded = np.empty(len(close)), 0.0, 0.0
    for at in range(len(found)):
        paid = (high[at] + low[at] + close[at]) / 3.0 * volume[at]
        money = paid if first[at] else money + paid
        traded = volume[at] if first[at] else traded + volume[at]
        found[at] = np.nan if traded <= 0.0 else money / traded
    return found


def paid_deviation(high: Floats, low: Floats, close: Floats, volume: Floats, first: Bools) -> Floats:
    """Return the deviation of typical prices weighted by volume since `first` was last set; NaN before any volume.

    Written for numba. The squares are taken from the mean as it moves (West, 1979): the mean square less the squared
    mean, which others take, is lost in the last digits of a price that hardly moves.
    """
    found, mean, squares, traded = np.empty(len(close)), 0.0, 0.0, 0.0
    for at in range(len(found)):
        if first[at]:
            mean, squares, traded = 0.0, 0.0, 0.0
        traded += volume[at]
        if volume[at] > 0.0:
            away = (high[at] + low[at] + close[at]) / 3.0 - mean
            step = away * (volume[at] / traded)
            squares += (traded - volume[at]) * away * step
            mean += step
        found[at] = np.sqrt(squares / traded) if traded > 0.0 else np.nan
    return found


def _weeks_begin(day: Floats) -> Bools:
    first, last = np.empty(len(day), np.bool_), 0
    for at in range(len(day)):
        week = (int(day[at]) + 3) // 7  # day 0 was a Thursday
        first[at] = at == 0 or week != last
        last = week
    return first


def _months_begin(day: Floats, months: int) -> Bools:
    """Return where the number of the month over `months` changes; a month is worked out once, not for each day."""
    first, last, begin, end = np.empty(len(day), np.bool_), 0, 0, 0
    for at in range(len(day)):
        today = int(day[at])
        first[at] = at == 0
        if today < begin or today >= end:
            month = _month_of(today)
            begin, end = _first_day_of(month), _first_day_of(month + 1)
            first[at] = at == 0 or month // months != last
            last = month // months
    return first


def _month_of(day: int) -> int:
    """Return the months since January 1970 of a day since then, in the Gregorian calendar.

    Counted from March on, so that a leap day is a year's last; 400 years, which are 146,097 days, repeat themselves.
    """
    since = day + 719_468  # from 1 March of the year 0
    era, of_era = since // 146_097, since % 146_097
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    month = (5 * (of_era - 365 * year - year // 4 + year // 100) + 2) // 153
    return (era * 400 + year - 1_970) * 12 + month + 2


def _first_day_of(month: int) -> int:
    """Return the first day, since 1 January 1970, of a month since then."""
    since = month + 1_970 * 12 - 2  # from March of the year 0
    year, of_year = since // 12, since % 12
    return year * 365 + year // 4 - year // 100 + year // 400 + (153 * of_year + 2) // 5 - 719_468
