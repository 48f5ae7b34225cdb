"""Where volume was traded: the average price since an anchor, and the profile of a period."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest

from analysis import Plan, run
from analysis.bars import Bars
from analysis.validation import series
from tests.analysis.oracles.cases import Case, case
from tests.analysis.oracles.sources import Source, pandas_ta, worked
from tests.analysis.oracles.stepwise import stepwise


def _since(anchor: str) -> Source:
    return pandas_ta("vwap", given="high low close volume", options={"anchor": anchor}, value=0)


def _from_july(bars: Bars) -> dict[str, Sequence[float | None]]:
    """Shannon: all money since the date over all volume since the date."""
    money = traded = 0.0
    values: list[float | None] = []
    for time, *prices, volume in zip(bars.time, bars.high, bars.low, bars.close, bars.volume, strict=True):
        if str(time.astype("datetime64[ns]")) >= "2012-07-01":
            money, traded = money + float(sum(prices)) / 3 * float(volume), traded + float(volume)
        values.append(money / traded if traded else None)
    return {"value": values}


def _profile(bars: Bars) -> dict[str, Sequence[float | None]]:
    """Steidlmayer, of 40 bars in 12 rows: a row holds of each bar's volume what part of the bar's range it covers."""
    lines: dict[str, list[float | None]] = {"point_of_control": [], "value_area_high": [], "value_area_low": []}
    for end in range(40, len(bars) + 1):
        part = bars.slice(end - 40, end)
        bottom, top = float(part.low.min()), float(part.high.max())
        edges = [bottom + (top - bottom) * row / 12 for row in range(13)]
        rows = []
        for lower, upper in pairwise(edges):
            covered = np.minimum(part.high, upper) - np.maximum(part.low, lower)
            rows.append(float((np.maximum(covered, 0) / (part.high - part.low) * part.volume).sum()))
        control = rows.index(max(rows))
        taken = [control]
        while sum(rows[row] for row in taken) < 0.7 * sum(rows):
            above = [row for row in (taken[-1] + 1, taken[-1] + 2) if row < 12]
            below = [row for row in (taken[0] - 2, taken[0] - 1) if row >= 0]
            is_up = not below or (bool(above) and sum(rows[row] for row in above) >= sum(rows[row] for row in below))
            taken = taken + above if is_up else below + taken
        levels = ((edges[control] + edges[control + 1]) / 2, edges[taken[-1] + 1], edges[taken[0]])
        for line, level in zip(lines.values(), levels, strict=True):
            line.append(level)
    return dict(lines)


def _four_bars() -> Bars:
    low, high = np.array([10.0, 12, 11, 11]), np.array([14.0, 13, 13, 11])
    return series.changed(
        series.flat(4), open=low, high=high, low=low, close=high, volume=np.array([400.0, 200, 100, 50])
    )


CASES = [
    case("anchored_vwap", _since("W"), anchor="week"),
    case("anchored_vwap", _since("M"), anchor="month"),
    case("anchored_vwap", _since("Q"), anchor="quarter"),
    case("anchored_vwap", _since("Y"), anchor="year"),
    case("anchored_vwap", _since("D"), anchor="session"),
    case("anchored_vwap", stepwise(_from_july), anchor="date", date=20120701),
    case("volume_profile", stepwise(_profile), period=40, bins=12),
    # Two bars, four rows. Bars 1, 2: rows of 1 from 10 hold 100, 100, 300, 100; 300 + the two below >= 420.
    # Bars 2, 3: rows of 0.5 from 11 hold 25, 25, 125, 125; of the two the row nearer the middle; 125 + 125 >= 210.
    # Bars 3, 4: rows of 0.5 from 11 hold 75, 25, 25, 25, the bar at 11 wholly in the first; 75 + the two above >= 105.
    case(
        "volume_profile",
        worked(
            "Linn Software's Q&A 123, method A",
            _four_bars(),
            point_of_control=[12.5, 12.25, 11.25],
            value_area_high=[13, 13, 12.5],
            value_area_low=[10, 12, 11],
        ),
        period=2,
        bins=4,
    ),
]


@pytest.mark.parametrize("one", CASES, ids=str)
def test_volume_at_price_agrees_with_others(one: Case, oracle: Callable[[Case], None]) -> None:
    oracle(one)


def test_a_date_after_the_last_bar_leaves_the_average_unknown() -> None:
    result = run(Plan.parse(["x = anchored_vwap(anchor=date, date=20990101)", "close"]), series.walk(30))
    assert np.isnan(result["x"]).all()
