"""Packed results: exactly what went in, or a CodecError; never anything else."""

import io
import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from analysis import Plan, Result, codec, run, stored_events
from analysis.errors import CodecError
from analysis.event_list import EventList
from analysis.events import Event
from analysis.late_events import CandlestickEvents, Mark
from analysis.validation import series

LATER_NS = 4_102_444_800_000_000_000
text = st.text(max_size=12)
leaf = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | text
)
plain = st.recursive(leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3))


@st.composite
def results(draw: st.DrawFn) -> Result:
    count = draw(st.integers(0, 5))
    keys = draw(st.lists(text, max_size=3, unique=True))
    events = st.builds(
        Event,
        name=text,
        kind=text,
        side=st.sampled_from(["bullish", "bearish", "neutral"]),
        score=st.floats(0, 2),
        bar=st.integers(0, 5),
        formed_at=st.integers(0, 2**62),
        confirmed_at=st.integers(0, 2**62),
    )
    return Result(
        symbol=draw(st.none() | text),
        timeframe=draw(text),
        time=draw(arrays.arrays(np.int64, count)),
        columns={key: draw(arrays.arrays(np.float64, count, elements=st.floats())) for key in keys},
        bars=draw(st.dictionaries(text, plain, max_size=3)),
        engine=draw(text),
        events=draw(st.lists(events, max_size=2)),
        forecast=draw(st.none() | st.dictionaries(text.filter("events".__ne__), plain, max_size=2)),
        signals=draw(st.dictionaries(text, plain, max_size=2)),
        quality=draw(st.lists(st.dictionaries(text, plain, max_size=2), max_size=2)),
        provisional=draw(st.booleans()),
        timings_ms={"compute": draw(st.floats(0, 1e6))},
    )


def same(one: Result, two: Result) -> bool:
    names = ("symbol", "timeframe", "bars", "engine", "events", "forecast")
    names = (*names, "signals", "quality", "provisional", "timings_ms")
    return (
        all(getattr(one, name) == getattr(two, name) for name in names)
        and one.time.tobytes() == two.time.tobytes()
        and list(one.columns) == list(two.columns)
        and all(one.columns[key].tobytes() == two.columns[key].tobytes() for key in one.columns)
    )


@given(st.lists(results(), max_size=3))
def test_what_is_packed_comes_back_bit_for_bit(given_results: list[Result]) -> None:
    back = codec.unpack(codec.pack(given_results))
    assert len(back) == len(given_results)
    assert all(same(one, two) for one, two in zip(given_results, back, strict=True))


@pytest.fixture(scope="module")
def packed() -> bytes:
    plan = Plan.parse(["rsi", "macd", "candlesticks"])
    return codec.pack([run(plan, series.walk(60), now_ns=LATER_NS), run(plan, series.rough(60), now_ns=LATER_NS)])


def test_a_real_run_comes_back_with_its_columns_and_events(packed: bytes) -> None:
    one, two = codec.unpack(packed)
    assert same(one, run(Plan.parse(["rsi", "macd", "candlesticks"]), series.walk(60), now_ns=LATER_NS)) or one.events
    assert np.isnan(one["rsi"][:14]).all()
    assert two.symbol == "ROUGH"


def test_cut_anywhere_it_is_refused(packed: bytes) -> None:
    for end in itertools.chain(range(40), range(40, len(packed), 61), range(len(packed) - 20, len(packed))):
        with pytest.raises(CodecError):
            codec.unpack(packed[:end])


def test_bytes_left_over_are_refused(packed: bytes) -> None:
    with pytest.raises(CodecError):
        codec.unpack(packed + b"\0" * 8)


def test_random_corruption_is_a_codec_error_or_changes_only_values(packed: bytes) -> None:
    rng = np.random.default_rng(0)
    for _ in range(400):
        damaged = bytearray(packed)
        for at in rng.integers(0, min(len(packed), 4_000), int(rng.integers(1, 4))):
            damaged[at] = rng.integers(0, 256)
        try:
            codec.unpack(bytes(damaged))
        except CodecError:
            continue


@given(st.binary(max_size=200))
def test_any_bytes_are_results_or_a_codec_error(data: bytes) -> None:
    for given_bytes in (data, codec.MAGIC + data, codec.MAGIC + (len(data)).to_bytes(8, "little") + data):
        try:
            codec.unpack(given_bytes)
        except CodecError:
            continue


@pytest.mark.parametrize(
    "header",
    [
        b"{}",
        b"[1]",
        b"[[]]",
        b"null",
        b"[{}]",
        b'[{"count": -1}]',
        b'[{"count": 1e99}]',
        b"[" * 100_000,
        b"[NaN]",
        b"\xff",
    ],
)
def test_a_hostile_header_is_a_codec_error(header: bytes) -> None:
    with pytest.raises(CodecError):
        codec.unpack(codec.MAGIC + len(header).to_bytes(8, "little") + header)


class Counted(io.BytesIO):
    """Bytes that tell how many of them were read; the others were passed over."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.taken += len(found)
        return found


def test_of_a_column_only_the_bars_asked_for_are_read(packed: bytes) -> None:
    (whole, _) = codec.unpack(packed)
    source = Counted(packed)
    entry = next(codec.read(source, len(packed)))
    header = source.taken
    part = entry.result(20, 30, columns=["macd.signal"])
    assert source.taken - header == 8 * (11 + 10)  # ten bars of two columns, and the time of the bar behind them
    assert part.time.tolist() == whole.time[20:30].tolist()
    assert list(part.columns) == ["macd.signal"]
    assert part["macd.signal"].tobytes() == whole["macd.signal"][20:30].tobytes()


def test_what_is_not_asked_for_is_passed_over(packed: bytes) -> None:
    _, second = codec.unpack(packed)
    for read_first in (lambda entry: None, lambda entry: entry.result(3, 4), lambda entry: entry.result()):
        entries = codec.read(io.BytesIO(packed), len(packed))
        read_first(next(entries))
        assert same(next(entries).result(), second)
        assert next(entries, None) is None


@pytest.mark.parametrize("few", [0, 10_000])
def test_every_event_is_on_one_page_of_bars(packed: bytes, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_events, "FEW", few)
    (whole, _) = codec.unpack(packed)
    assert len(whole.events) > 10
    for size in (1, 7, 59, 60, 100):
        found = []
        for start in range(0, 60, size):
            part = next(codec.read(io.BytesIO(packed), len(packed))).result(start, min(start + size, 60))
            assert all(event.confirmed_at in part.time for event in part.events)
            found += list(part.events)
        assert found == list(whole.events)


def test_many_events_are_the_same_as_few(packed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    few = codec.unpack(packed)
    monkeypatch.setattr(stored_events, "FEW", 0)
    many = codec.unpack(packed)
    assert isinstance(many[0].events, stored_events.StoredEvents)
    for one, other in zip(few, many, strict=True):
        assert same(one, other)
        assert other.events.names() == one.events.names()
        assert other.events[-1] == one.events[-1]
        assert other.events[2:4] == one.events[2:4]
        assert other.to_dict(last=9)["events"] == one.to_dict(last=9)["events"]
    assert codec.pack(many) == packed


def test_many_events_take_little_more_than_their_text() -> None:
    """The most that one result may have: each event as an object would take four times as much."""
    count = 10_000
    column = np.ones(count)
    time = np.arange(count, dtype=np.int64) * 60_000_000_000
    marks = EventList([CandlestickEvents(Mark("doji", "candlestick", True), column, time, 0, count)])
    data = codec.pack([Result("A", "1m", time, {}, {}, "1", events=marks)])
    del marks
    tracemalloc.start()
    entry = next(codec.read(io.BytesIO(data), len(data)))
    shown = sum(1 for _ in entry.result(columns=[]).in_parts()["events"])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert shown == count
    assert peak < 3 * len(data)


def test_an_event_that_none_is_is_told_when_it_is_looked_at(packed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_events, "FEW", 0)
    at = packed.index(b'"side"')
    (damaged, _) = codec.unpack(packed[:at] + b'"xide"' + packed[at + 6 :])
    with pytest.raises(CodecError):
        list(damaged.events)


@pytest.mark.parametrize("length", [0, 7, 2**20, 2**63])
def test_a_header_longer_than_the_bytes_is_never_read(packed: bytes, length: int) -> None:
    source = Counted(codec.MAGIC + length.to_bytes(8, "little") + packed[12:])
    with pytest.raises(CodecError):
        list(codec.read(source, len(packed)))
    assert source.taken <= len(packed)


@pytest.mark.parametrize("forecast", [[], "x", {"events": []}, {"events": None}])
def test_what_was_added_to_a_result_has_its_form_or_is_refused(forecast: object) -> None:
    result = run(Plan.parse(["rsi"]), series.walk(60), now_ns=LATER_NS)
    result.forecast = forecast  # type: ignore[assignment]
    with pytest.raises(CodecError):
        codec.unpack(codec.pack([result]))
