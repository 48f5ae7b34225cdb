from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Bars
from analysis.errors import MOST_FAULTS, Fault
from market.bars_input import parse_bars
from market.errors import BarsInputError
from tests.bars import random_walk
from tests.market.made import assert_same

BARS = random_walk(30)
PRICES = ("open", "high", "low", "close")
MS = [int(ns) // 1_000_000 for ns in BARS.time]


def columns(**changed: Any) -> dict[str, Any]:
    """Return the walk as a body of columns; a column of `...` is left out."""
    body = {name: getattr(BARS, name).tolist() for name in ("open", "high", "low", "close", "volume")}
    body = {"symbol": "WALK", "timeframe": "1d", "time": list(MS)} | body | changed
    return {name: value for name, value in body.items() if value is not ...}


def changed_at(name: str, row: int, value: Any) -> dict[str, Any]:
    body = columns()
    body[name][row] = value
    return body


def as_rows(time: str = "time") -> list[dict[str, Any]]:
    body = columns()
    return [
        {time: ms, "open": o, "high": h, "low": low, "close": c, "volume": v}
        for ms, o, h, low, c, v in zip(
            MS, *(body[name] for name in ("open", "high", "low", "close", "volume")), strict=True
        )
    ]


def as_lists() -> list[list[float]]:
    return [list(row.values()) for row in as_rows()]


def faults(body: object, **options: Any) -> list[tuple[str, str]]:
    with pytest.raises(BarsInputError) as refused:
        parse_bars(body, max_bars=100, **options)
    return [(fault.pointer, fault.code) for fault in refused.value.faults]


# ── What is accepted ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("body", [columns(), as_rows(), as_rows("timestamp"), as_lists()])
def test_all_forms_give_the_same_bars(body: Any) -> None:
    assert_same(parse_bars(body, max_bars=30, timeframe="1d"), BARS)


def test_labels_of_the_body_come_before_those_given() -> None:
    assert parse_bars(columns(), max_bars=30, symbol="OTHER").symbol == "WALK"
    assert parse_bars(columns(symbol=...), max_bars=30, symbol="other").symbol == "OTHER"
    assert parse_bars(as_lists(), max_bars=30, symbol="x", timeframe="1d").timeframe == "1d"


@pytest.mark.parametrize(
    "times",
    [
        [ms // 1000 for ms in MS],
        [float(ms) for ms in MS],
        [ms / 1000 for ms in MS],
        [datetime.fromtimestamp(ms / 1000, UTC).isoformat() for ms in MS],
        [datetime.fromtimestamp(ms / 1000, UTC).isoformat().replace("+00:00", "Z") for ms in MS],
        np.array(MS),
    ],
    ids=["seconds", "float milliseconds", "float seconds", "offset", "Z", "array"],
)
def test_times_in_every_form(times: Any) -> None:
    assert_same(parse_bars(columns(time=times), max_bars=30), BARS)


def test_a_zone_is_converted() -> None:
    body = columns(time=[datetime.fromtimestamp(ms / 1000, UTC).isoformat().replace("+00:00", "+00:00") for ms in MS])
    body["time"][0] = "2020-01-01T05:30:00+05:30"
    assert_same(parse_bars(body, max_bars=30), BARS)


def test_arrays_are_columns() -> None:
    body = columns(**{name: getattr(BARS, name) for name in ("open", "high", "low", "close", "volume")})
    assert_same(parse_bars(body, max_bars=30), BARS)


def test_integers_are_prices() -> None:
    body = {"time": [MS[0], MS[1]], "open": [1, 2], "high": [3, 3], "low": [1, 1], "close": [2, 3]}
    bars = parse_bars(body, max_bars=2, timeframe="1d")
    assert bars.close.dtype == np.float64
    assert bars.volume is None


@pytest.mark.parametrize("volume", [..., None, [None] * 30])
def test_volume_may_be_left_out(volume: Any) -> None:
    assert parse_bars(columns(volume=volume), max_bars=30).volume is None


def test_single_volumes_may_be_null() -> None:
    bars = parse_bars(changed_at("volume", 3, None), max_bars=30)
    assert bars.volume is not None
    assert np.flatnonzero(np.isnan(bars.volume)).tolist() == [3]


def test_bars_before_1970() -> None:
    body = {"time": [-252_460_800_000, -252_374_400_000]} | {name: [1.0, 1.0] for name in PRICES}
    bars = parse_bars(body, max_bars=2, timeframe="1d")
    assert bars.time[0] == np.datetime64("1962-01-01", "ns").astype(np.int64)


# ── What is refused: one bad thing at a time ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (None, "", "wrong_type"),
        ("text", "", "wrong_type"),
        (17, "", "wrong_type"),
        ([], "", "no_bars"),
        (columns(time=[], open=[], high=[], low=[], close=[], volume=[]), "", "no_bars"),
        (columns(time="2024"), "/time", "wrong_type"),
        (columns(open={"0": 1}), "/open", "wrong_type"),
        (columns(close=None), "/close", "wrong_type"),
        (columns(open=np.ones((30, 2))), "/open", "wrong_type"),
        (columns(close=...), "/close", "missing"),
        (columns(time=...), "/time", "missing"),
        (columns(adj_close=[1.0] * 30), "/adj_close", "unknown_field"),
        (columns(**{"a/b~c": 1}), "/a~1b~0c", "unknown_field"),
        (columns(timestamp=MS), "/timestamp", "ambiguous_field"),
        (columns(timeframe="7q"), "/timeframe", "unknown_timeframe"),
        (columns(timeframe=60), "/timeframe", "unknown_timeframe"),
        (columns(symbol="A\x00B"), "/symbol", "invalid_symbol"),
        (columns(symbol="A" * 41), "/symbol", "invalid_symbol"),
        (columns(symbol=5), "/symbol", "invalid_symbol"),
        (columns(volume=[1.0] * 29), "/volume", "unequal_length"),
        (columns(time=MS * 4), "", "too_many_bars"),
        (changed_at("time", 3, "2020-01-04T00:00:00"), "/time/3", "naive_time"),
        (changed_at("time", 3, "soon"), "/time/3", "not_a_time"),
        (changed_at("time", 3, "2020\x00"), "/time/3", "not_a_time"),
        (changed_at("time", 3, None), "/time/3", "missing"),
        (changed_at("time", 3, True), "/time/3", "wrong_type"),
        (changed_at("time", 3, [1]), "/time/3", "wrong_type"),
        (changed_at("time", 3, float("nan")), "/time/3", "not_finite"),
        (changed_at("time", 3, float("inf")), "/time/3", "not_finite"),
        (changed_at("time", 29, 10**18), "/time/29", "time_out_of_range"),
        (changed_at("time", 29, 10**400), "/time/29", "time_out_of_range"),
        (changed_at("time", 29, 1e308), "/time/29", "time_out_of_range"),
        (changed_at("time", 3, MS[2]), "/time/3", "duplicate_time"),
        (changed_at("time", 3, MS[1]), "/time/3", "not_sorted"),
        (changed_at("high", 3, 1.0), "/high/3", "high_below_low"),
        (changed_at("close", 3, None), "/close/3", "missing"),
        (changed_at("close", 3, "9.5"), "/close/3", "wrong_type"),
        (changed_at("close", 3, True), "/close/3", "wrong_type"),
        (changed_at("close", 3, float("nan")), "/close/3", "not_finite"),
        (changed_at("close", 3, float("-inf")), "/close/3", "not_finite"),
        (changed_at("close", 3, 10**400), "/close/3", "not_finite"),
        (changed_at("volume", 3, -1), "/volume/3", "negative_volume"),
        (changed_at("volume", 3, float("nan")), "/volume/3", "not_finite"),
        (changed_at("volume", 3, "many"), "/volume/3", "wrong_type"),
    ],
)
def test_one_fault_is_one_fault(body: Any, pointer: str, code: str) -> None:
    assert faults(body) == [(pointer, code)]


@pytest.mark.parametrize("value", [0, 0.0, -5.0])
def test_prices_need_not_be_above_zero(value: float) -> None:
    assert parse_bars(changed_at("low", 3, value), max_bars=100).low[3] == value


def test_an_empty_body_names_every_column_it_lacks() -> None:
    names = ("time", "open", "high", "low", "close")
    assert faults({}) == [(f"/{name}", "missing") for name in names]


def test_one_mixed_unit_is_out_of_order() -> None:
    assert ("/time/3", "not_sorted") in faults(changed_at("time", 3, MS[3] // 1000))


# ── All faults at once, wherever the body stands ─────────────────────────────────────────────────────────


def test_every_fault_is_listed_at_once() -> None:
    body = columns(timeframe="7q", foo=1)
    body["time"][1] = "2020-01-02T00:00:00"
    body["open"][2] = None
    body["high"][3] = 0.5
    body["low"] = body["low"][:-1]
    assert faults(body, pointer="/bars") == [
        ("/bars/foo", "unknown_field"),
        ("/bars/low", "unequal_length"),
        ("/bars/timeframe", "unknown_timeframe"),
        ("/bars/time/1", "naive_time"),
        ("/bars/open/2", "missing"),
        ("/bars/high/3", "high_below_low"),
    ]


def test_rows_point_to_rows() -> None:
    body: list[Any] = as_rows("timestamp")
    body[1]["colour"] = "red"
    body[2] = 5
    del body[3]["close"]
    body[4]["timestamp"] = "2020-01-05"
    body[5]["high"] = 0.5
    assert faults(body, timeframe="1d") == [
        ("/1/colour", "unknown_field"),
        ("/2", "wrong_type"),
        ("/4/timestamp", "naive_time"),
        ("/3/close", "missing"),
        ("/5/high", "high_below_low"),
    ]


def test_lists_point_to_places() -> None:
    body: list[Any] = as_lists()
    body[1] = [1, 2]
    body[2] = {"time": 5}
    body[3][4] = None
    body[4][2] = 0.5
    assert faults(body, timeframe="1d") == [
        ("/1", "unequal_length"),
        ("/2", "wrong_type"),
        ("/3/4", "missing"),
        ("/4/2", "high_below_low"),
    ]


def test_the_list_of_faults_is_bounded() -> None:
    body = {name: ["x"] * 5_000 for name in ("time", "open", "high", "low", "close")}
    with pytest.raises(BarsInputError) as refused:
        parse_bars(body, max_bars=5_000)
    assert len(refused.value.faults) == MOST_FAULTS + 1
    assert refused.value.faults[-1].code == "more_faults"


# ── Whatever comes, it is bars or faults ─────────────────────────────────────────────────────────────────

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=10,
)
cells = st.none() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=3) | st.booleans()
bodies = st.fixed_dictionaries(
    {name: st.lists(cells, max_size=4) for name in ("time", "open", "high", "low", "close")},
    optional={"volume": st.lists(cells, max_size=4), "timeframe": json_values, "timestamp": json_values},
)


@given(json_values | bodies | st.lists(st.lists(cells, max_size=7), max_size=4))
def test_any_json_is_bars_or_faults(body: object) -> None:
    found: list[Fault] = []
    bars: Bars | None = None
    try:
        bars = parse_bars(body, max_bars=3, timeframe="1d")
    except BarsInputError as refused:
        found = refused.faults
    assert (bars is None) == bool(found)
    assert bars is None or 1 <= len(bars) <= 3
    assert all(fault.code and fault.detail and fault.pointer[:1] in ("", "/") for fault in found)
