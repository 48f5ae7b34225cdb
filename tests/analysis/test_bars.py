"""Bars: every fault at once, columns closed to writing, a fingerprint that is the same everywhere."""

from typing import Any

import numpy as np
import pytest

from analysis.bars import MOST_FAULTS, Bars
from analysis.errors import BarsError
from analysis.validation import series
from tests.bars import DAY_NS, FIRST_NS


def given(**columns: Any) -> dict[str, Any]:
    """Return five sound daily bars with some columns replaced."""
    sound = {
        "time": FIRST_NS + DAY_NS * np.arange(5, dtype=np.int64),
        "open": [10.0, 11.0, 12.0, 11.0, 10.0],
        "high": [12.0, 13.0, 14.0, 13.0, 12.0],
        "low": [9.0, 10.0, 11.0, 10.0, 9.0],
        "close": [11.0, 12.0, 11.0, 10.0, 11.0],
        "volume": [5.0, 0.0, 7.0, 1.0, 2.0],
        "timeframe": "1d",
    }
    return {**sound, **columns}


def at(name: str, place: int, value: float) -> list[float]:
    column = list(given()[name])
    column[place] = value
    return column


@pytest.mark.parametrize(
    ("columns", "pointer", "code"),
    [
        ({"close": at("close", 2, float("nan"))}, "/close/2", "not_finite"),
        ({"open": at("open", 1, float("inf"))}, "/open/1", "not_finite"),
        ({"high": at("high", 2, 10.5)}, "/high/2", "high_below_low"),
        ({"high": at("high", 2, 11.5)}, "/high/2", "high_below_body"),
        ({"low": at("low", 4, 10.5)}, "/low/4", "low_above_body"),
        ({"volume": at("volume", 0, -1.0)}, "/volume/0", "negative_volume"),
        ({"volume": at("volume", 0, float("inf"))}, "/volume/0", "not_finite"),
        ({"time": at("time", 3, FIRST_NS + 2 * DAY_NS)}, "/time/3", "duplicate_time"),
        ({"time": at("time", 3, FIRST_NS)}, "/time/3", "not_sorted"),
        ({"close": [1.0, 2.0]}, "/close", "unequal_length"),
        ({"session": [1, 2]}, "/session", "unequal_length"),
        ({"close": "text"}, "/close", "wrong_type"),
        ({"close": [[1.0] * 5]}, "/close", "wrong_type"),
        ({"close": [True] * 5}, "/close", "wrong_type"),
        ({"time": [0.5] * 5}, "/time", "wrong_type"),
        ({"timeframe": "2d"}, "/timeframe", "unknown_timeframe"),
    ],
)
def test_a_fault_is_named_with_its_place_and_code(columns: dict[str, Any], pointer: str, code: str) -> None:
    with pytest.raises(BarsError) as caught:
        Bars(**given(**columns))
    assert (pointer, code) in [(fault.pointer, fault.code) for fault in caught.value.faults]


def test_all_faults_are_named_at_once() -> None:
    wrong = given(open=at("open", 0, float("nan")), volume=at("volume", 1, -2.0), time=at("time", 4, FIRST_NS))
    with pytest.raises(BarsError) as caught:
        Bars(**wrong, symbol="X")
    assert {fault.code for fault in caught.value.faults} == {"not_finite", "negative_volume", "not_sorted"}
    assert caught.value.more == 0


def test_faults_beyond_the_most_are_counted() -> None:
    count = 3 * MOST_FAULTS
    with pytest.raises(BarsError) as caught:
        Bars(
            time=np.arange(count, dtype=np.int64) * DAY_NS,
            **dict.fromkeys(("open", "high", "low", "close"), np.full(count, np.nan)),
            timeframe="1d",
        )
    assert len(caught.value.faults) == MOST_FAULTS
    assert len(caught.value.faults) + caught.value.more == 4 * count


def test_no_bars_are_a_fault() -> None:
    with pytest.raises(BarsError) as caught:
        Bars(**{name: [] for name in ("time", "open", "high", "low", "close")}, timeframe="1d")
    assert caught.value.faults[0].code == "empty"


def test_extreme_times_are_compared_without_overflow() -> None:
    info = np.iinfo(np.int64)
    with pytest.raises(BarsError) as caught:
        Bars(**given(time=np.array([info.min, 0, info.max, info.min, info.max])))
    assert caught.value.faults[0].pointer == "/time/3"


def test_volume_may_be_missing_or_unknown() -> None:
    assert Bars(**given(volume=None)).volume is None
    assert np.isnan(Bars(**given(volume=at("volume", 2, float("nan")))).volume[2])


def test_columns_are_read_only_and_the_callers_array_is_left_alone() -> None:
    close = np.array(given()["close"])
    bars = Bars(**given(close=close))
    with pytest.raises(ValueError, match="read-only"):
        bars.close[0] = 1.0
    close[0] = close[0]
    assert close.flags.writeable


def test_the_fingerprint_depends_on_the_values_and_on_nothing_else() -> None:
    bars = Bars(**given())
    assert bars.fingerprint == Bars(**given(close=np.array(given()["close"], dtype=">f8")), symbol="X").fingerprint
    assert len(bars.fingerprint) == 64
    for changed in ({"volume": None}, {"timeframe": "1w"}, {"close": at("close", 0, 11.5)}, {"session": range(5)}):
        assert Bars(**given(**changed)).fingerprint != bars.fingerprint


def test_a_slice_is_a_view_with_everything_of_the_whole() -> None:
    bars = Bars(**given(session=[1, 1, 2, 2, 3]), symbol="X")
    part = bars.slice(1, 4)
    assert len(part) == 3
    assert np.shares_memory(part.close, bars.close)
    assert (part.symbol, part.timeframe, part.session.tolist()) == ("X", "1d", [1, 2, 2])
    assert part.fingerprint == series.changed(part).fingerprint


def test_the_last_bar_is_closed_when_its_timeframe_is_over() -> None:
    bars = Bars(**given())
    last = int(bars.time[-1])
    assert not bars.last_closed(last + DAY_NS - 1)
    assert bars.last_closed(last + DAY_NS)
