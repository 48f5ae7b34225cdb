"""What is unusual about a series, as facts; nothing is judged and nothing is changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np

from analysis import Bars
from analysis.arrays import Bools
from market.time_conversion import from_ns

JUMP = 0.4  # a close-to-close change beyond this share is listed
UNUSUAL_RANGE = 10.0  # a bar's range beyond this many times the median of the 50 bars before it
_WINDOW = 50
_SHOWN = 20


def quality_report(bars: Bars) -> dict[str, Any]:
    """Return the report as plain values: for each kind of finding its count and the first 20.

    `gaps`: steps longer than the longest regular one, which is the longest step at least 1 % of all steps
    have (so neither weekends in daily bars nor nights in hourly ones are gaps). `zero_volume` and
    `null_volume`: bars whose volume is 0 or unknown. `flat`: all four prices equal. `jumps`: closes that
    changed by more than 40 %, which is mostly a split that was not adjusted for. `unusual_range`: bars more
    than ten times as wide as the median of the 50 before. Times are ISO 8601.
    """
    count = len(bars)
    if not count:
        return {"bars": 0, "first": None, "last": None, "has_volume": bars.volume is not None, "findings": {}}
    flat = (bars.open == bars.high) & (bars.high == bars.low) & (bars.low == bars.close)
    findings = {
        "gaps": _gaps(bars),
        "flat": _listed(bars, flat),
        "jumps": _jumps(bars),
        "unusual_range": _listed(bars, _unusual_range(bars)),
    }
    if bars.volume is not None:
        findings["zero_volume"] = _listed(bars, bars.volume == 0)
        findings["null_volume"] = _listed(bars, np.isnan(bars.volume))
    return {
        "bars": count,
        "first": _iso(bars.time[0]),
        "last": _iso(bars.time[-1]),
        "has_volume": bars.volume is not None,
        "findings": findings,
    }


def _iso(nanoseconds: np.int64) -> str:
    moment: datetime = from_ns(int(nanoseconds)).astimezone(UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _listed(bars: Bars, where: Bools) -> dict[str, Any]:
    rows = np.flatnonzero(where)
    return {"count": len(rows), "first": [{"time": _iso(bars.time[row])} for row in rows[:_SHOWN]]}


def _gaps(bars: Bars) -> dict[str, Any]:
    steps = np.diff(bars.time)
    if not len(steps):
        return {"count": 0, "first": []}
    values, counts = np.unique(steps, return_counts=True)
    regular = values[counts >= max(2, 0.01 * len(steps))]
    longest = regular.max() if len(regular) else values[0]
    rows = np.flatnonzero(steps > longest)
    first = [
        {
            "after": _iso(bars.time[row]),
            "until": _iso(bars.time[row + 1]),
            "seconds": int(steps[row]) // 10**9,
        }
        for row in rows[:_SHOWN]
    ]
    return {"count": len(rows), "longest_regular_seconds": int(longest) // 10**9, "first": first}


def _jumps(bars: Bars) -> dict[str, Any]:
    # Of a price that is not above zero there are no percent.
    sound = (bars.close[1:] > 0) & (bars.close[:-1] > 0)
    change = np.divide(bars.close[1:], bars.close[:-1], out=np.ones(len(sound)), where=sound) - 1
    rows = np.flatnonzero(np.abs(change) > JUMP)
    first = [{"time": _iso(bars.time[row + 1]), "change": round(float(change[row]), 4)} for row in rows[:_SHOWN]]
    return {"count": len(rows), "first": first}


def _unusual_range(bars: Bars) -> Bools:
    ranges = bars.high - bars.low
    found = np.zeros(len(ranges), dtype=np.bool_)
    if len(ranges) > _WINDOW:
        before = np.lib.stride_tricks.sliding_window_view(ranges, _WINDOW)[:-1]
        usual = np.median(before, axis=1)
        found[_WINDOW:] = (usual > 0) & (ranges[_WINDOW:] > UNUSUAL_RANGE * usual)
    return found
