import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.csv_text import csv_lines
from market.errors import BarsInputError, ImportRefused, MarketError
from market.importers import FORMATS, Imported, read_bars
from market.importers.files import file_bytes, unpacked
from tests.bars import random_walk
from tests.market.made import assert_same, part

HEADER = "date,open,high,low,close,volume\n"
LINES = [f"2024-01-{day:02},10,12,9,11,{day}00\n" for day in range(1, 10)]


def read(text: str, **options: object) -> Imported:
    values = {"symbol": "X", "timeframe": "1d"} | options
    return read_bars(text.encode(), **values)  # type: ignore[arg-type]


def faults(text: str, **options: object) -> list[tuple[str, str]]:
    with pytest.raises(BarsInputError) as refused:
        read(text, **options)
    return [(fault.pointer, fault.code) for fault in refused.value.faults]


# ── Generic CSV ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("volume", [True, False])
def test_what_we_write_we_read(volume: bool) -> None:
    bars = random_walk(300)
    bars = bars if volume else part(bars, 0, 300, volume=None)
    assert_same(read("".join(csv_lines(bars))).bars, bars)


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Date,Open,High,Low,Close,Volume", "2024-01-01,10,12,9,11,100"),
        (",Open,High,Low,Close,Volume", "2024-01-01,10,12,9,11,100"),
        ("timestamp;o;h;l;c;v", "2024-01-01T00:00:00Z;10;12;9;11;100"),
        ("close\tlow\thigh\topen\tvol\tdatetime", "11\t9\t12\t10\t100\t2024-01-01 00:00:00"),
        ("time,open,high,low,close,volume", "1704067200,10,12,9,11,100"),
        ("unix,open,high,low,close,volume", "1704067200000,10,12,9,11,100"),
        ("open_time,open,high,low,close,volume", "1704067200000000,10,12,9,11,100"),
        ("<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>", "20240101,00:00:00,10,12,9,11,100"),
        ('"Date","Open","High","Low","Close","Adj Close","Volume"', '"2024-01-01","10","12","9","11","3","100"'),
        ("\ufeffDate,Open,High,Low,Close,Volume", "2024.01.01,10,12,9,11,100"),
    ],
)
def test_headings_and_separators(header: str, line: str) -> None:
    bars = read(f"{header}\r\n{line}\r\n\r\n").bars
    assert bars.time.tolist() == [1_704_067_200_000_000_000]
    assert [bars.open[0], bars.high[0], bars.low[0], bars.close[0]] == [10, 12, 9, 11]
    assert bars.volume is not None
    assert bars.volume.tolist() == [100]


@pytest.mark.parametrize("cell", ["", "null", "NaN", "n/a"])
def test_unknown_volume_is_null_never_0(cell: str) -> None:
    bars = read(HEADER + LINES[0] + f"2024-01-02,10,12,9,11,{cell}\n").bars
    assert bars.volume is not None
    assert np.isnan(bars.volume[1])
    assert read(HEADER + f"2024-01-02,10,12,9,11,{cell}\n").bars.volume is None


def test_one_symbol_of_a_file_of_many() -> None:
    text = "date,open,high,low,close,volume,Name\n"
    text += "2024-01-01,10,12,9,11,1,A\n2024-01-01,20,22,19,21,1,B\n2024-01-02,10,12,9,11,1,A\n"
    assert len(read(text, symbol="a").bars) == 2
    assert read(text, symbol="B").bars.close.tolist() == [21]
    with pytest.raises(ImportRefused):
        read(text, symbol="C")


def test_intraday_times_need_a_zone() -> None:
    text = HEADER + "2024-01-02 09:30:00,10,12,9,11,1\n2024-07-02 09:30:00,10,12,9,11,1\n"
    assert faults(text, timeframe="1h") == [("/2/time", "naive_time"), ("/3/time", "naive_time")]
    bars = read(text, timeframe="1h", timezone="America/New_York").bars
    assert [str(moment) for moment in bars.time.view("M8[ns]").astype("M8[h]")] == ["2024-01-02T14", "2024-07-02T13"]


def test_other_ways_to_write_a_time_must_be_named() -> None:
    text = HEADER + "11/5/2019 9:30,10,12,9,11,1\n"
    assert faults(text, timeframe="1m") == [("/2/time", "not_a_time")]
    bars = read(text, timeframe="1m", timezone="UTC", time_format="%m/%d/%Y %H:%M").bars
    assert str(bars.time.view("M8[ns]")[0]).startswith("2019-11-05T09:30")


# ── Bad bars are refused with their lines, or left out on request and counted ────────────────────────────


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("2024-01-03,10,8,9,11,1", [("/4/high", "high_below_low")]),
        ("2024-01-03,10,10.5,9,11,1", [("/4/high", "high_below_body")]),
        ("2024-01-03,10,12,10.5,11,1", [("/4/low", "low_above_body")]),
        ("2024-01-03,10,12,9,,1", [("/4/close", "missing")]),
        ("2024-01-03,10,12,9", [("/4/close", "missing")]),
        (
            "2024-01-03,null,null,null,null,null",
            [(f"/4/{name}", "missing") for name in ("open", "high", "low", "close")],
        ),
        ("2024-01-03,10,12,9,eleven,1", [("/4/close", "wrong_type")]),
        ("2024-01-03,10,12,9,1_1,1", [("/4/close", "wrong_type")]),
        ("2024-01-03,10,inf,9,11,1", [("/4/high", "not_finite")]),
        ("2024-01-03,10,12,9,11,-1", [("/4/volume", "negative_volume")]),
        ("2024-01-02,10,12,9,11,1", [("/4/time", "duplicate_time")]),
        ("2024-01-01,10,12,9,11,1", [("/4/time", "not_sorted")]),
        ("3 Jan,10,12,9,11,1", [("/4/time", "not_a_time")]),
        (",10,12,9,11,1", [("/4/time", "not_a_time")]),
        ("9999-01-01,10,12,9,11,1", [("/4/time", "time_out_of_range")]),
        ("2024-01-03\x00,10,12,9,11,1", [("/4/time", "not_a_time")]),
    ],
)
def test_a_bad_bar_is_refused_or_left_out(line: str, found: list[tuple[str, str]]) -> None:
    text = HEADER + "".join(LINES[:2]) + line + "\n" + "".join(LINES[4:])
    assert faults(text) == found
    imported = read(text, skip_bad_bars=True)
    assert imported.skipped_count == 1
    assert {fault.pointer for fault in imported.skipped} >= {found[0][0]}
    assert_same(imported.bars, read(HEADER + "".join(LINES[:2] + LINES[4:])).bars)


def test_a_bad_bar_takes_no_good_one_with_it() -> None:
    text = HEADER + LINES[0] + "2024-01-02,10,8,9,11,1\n" + "".join(LINES[1:])
    imported = read(text, skip_bad_bars=True)
    assert imported.skipped_count == 1
    assert_same(imported.bars, read(HEADER + "".join(LINES)).bars)


def test_all_faults_of_a_file_come_at_once() -> None:
    text = HEADER + "2024-01-01,10,8,9,11,1\n2024-01-02,x,12,9,11,1\n2024-01-02,10,12,9,11,1\n"
    assert faults(text) == [("/3/open", "wrong_type"), ("/4/time", "duplicate_time"), ("/2/high", "high_below_low")]


def test_a_file_of_bad_bars_only_is_refused_even_then() -> None:
    assert faults(HEADER + "2024-01-01,10,8,9,11,1\n", skip_bad_bars=True) == [("/2/high", "high_below_low")]


def test_newest_first_is_turned_around_and_said() -> None:
    imported = read(HEADER + "".join(reversed(LINES)))
    assert imported.newest_first
    assert_same(imported.bars, read(HEADER + "".join(LINES)).bars)


def test_newest_first_is_not_an_excuse_for_disorder() -> None:
    assert faults(HEADER + LINES[8] + LINES[6] + LINES[7] + "".join(reversed(LINES[:6]))) == [("/3/time", "not_sorted")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        HEADER,
        "a,b,c\n1,2,3\n",
        "date,open,high,low\n2024-01-01,1,1,1\n",
        'date,open,high,low,close\n"2024',
        "\x00",
    ],
)
def test_what_is_no_file_of_bars_is_refused(text: str) -> None:
    for name in FORMATS:
        with pytest.raises(MarketError):
            read(text, format=name)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ImportRefused):
        read_bars(b"\xff\xfe\x00", symbol="X", timeframe="1d")


@pytest.mark.parametrize(
    "options", [{"format": "xls"}, {"timeframe": "7q"}, {"symbol": "A B"}, {"timezone": "Mars"}, {"max_bars": 8}]
)
def test_options_that_cannot_be(options: dict[str, object]) -> None:
    with pytest.raises(MarketError):
        read(HEADER + "".join(LINES), **options)


@given(st.sampled_from(sorted(FORMATS)), st.text(max_size=200), st.booleans())
def test_any_text_is_bars_or_a_typed_error(name: str, text: str, headed: bool) -> None:
    text = (HEADER if headed else "") + text
    try:
        imported = read(text, format=name, skip_bad_bars=True)
    except MarketError:
        return
    assert len(imported.bars) >= 1


def test_cryptodatadownload_mixes_seconds_and_milliseconds() -> None:
    text = "https://www.CryptoDataDownload.com\nunix,date,symbol,open,high,low,close,Volume BTC,Volume USD\n"
    text += "1704070800000.0,2024-01-01 01:00:00,BTC/USD,10,12,9,11,3,33\n"
    text += "1704067200.0,2024-01-01 00:00:00,BTC/USD,10,12,9,11,2,22\n"
    imported = read(text, format="cryptodatadownload", timeframe="1h")
    assert imported.newest_first
    assert imported.bars.time.tolist() == [1_704_067_200_000_000_000, 1_704_070_800_000_000_000]
    assert imported.bars.volume is not None
    assert imported.bars.volume.tolist() == [2, 3]


# ── Packed files ─────────────────────────────────────────────────────────────────────────────────────────


def zipped(*names: str, content: bytes = b"text") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


def test_packed_files_are_unpacked() -> None:
    assert unpacked(b"text") == unpacked(gzip.compress(b"text")) == unpacked(zipped("a.csv")) == b"text"


@pytest.mark.parametrize(
    "data",
    [
        zipped("a", "b"),
        zipped(),
        zipped("a")[:20],
        gzip.compress(b"text" * 100)[:-10],
        b"\x1f\x8b" + b"\x00" * 20,
        b"PK\x03\x04" + b"\xff" * 40,
    ],
    ids=["two files", "no file", "a torn zip", "a torn gzip", "no gzip", "no zip"],  # archives carry the time
)
def test_broken_archives_are_refused(data: bytes) -> None:
    with pytest.raises(ImportRefused):
        # An empty zip starts with other bytes and is plain, undecodable data.
        read_bars(unpacked(data), symbol="X", timeframe="1d")


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped("a", content=content), lambda content: content])
def test_bombs_are_refused(pack: object, tmp_path: Path) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(pack(bytes(5_000_000)))  # type: ignore[operator]
    with pytest.raises(ImportRefused):
        file_bytes(path, max_bytes=1_000_000)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(ImportRefused):
            file_bytes(path)
