"""Files as vendors write them, from the folder of real data."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from market.errors import BarsInputError
from market.importers import Imported, file_bytes, read_bars


@pytest.fixture
def vendor(shared: Callable[[str], Path]) -> Path:
    return shared("data/vendor_formats")


def read(path: Path, **options: object) -> Imported:
    values = {"symbol": "X", "timeframe": "1d"} | options
    return read_bars(file_bytes(path), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "options", "bars", "first", "close"),
    [
        ("backtestingpy_GOOG.csv", {}, 2_148, "2004-08-19T00:00", 100.34),
        ("boris_ko.us.txt", {}, 12_075, "1970-01-02T00:00", 0.6975),
        ("kaggle_sp500_MSFT_data.csv", {}, 1_259, "2013-02-08T00:00", 27.55),
        ("yahoo_orcl-2014.txt", {}, 252, "2014-01-02T00:00", 37.84),
        ("yahoo_orcl-2014.txt", {"format": "yahoo"}, 252, "2014-01-02T00:00", 35.166069),
        (
            "cryptodatadownload_Binance_ADAUSDT_1h.csv",
            {"format": "cryptodatadownload", "timeframe": "1h"},
            1499,
            "2021-04-08T09:00",
            1.18739,
        ),
        (
            "mt5_EURUSD_H4.tsv",
            {"format": "metatrader", "timeframe": "4h", "timezone": "Europe/Athens"},
            1999,
            "2015-01-01T22:00",
            1.20001,
        ),
        ("lean_equity_daily_ibm_x10000.zip", {"format": "lean"}, 5849, "1998-01-02T00:00", 105.75),
        (
            "backtrader_2006-min-005.txt",
            {"timeframe": "5m", "timezone": "Europe/Berlin"},
            2142,
            "2006-01-02T08:05",
            3582.99,
        ),
        (
            "mplfinance_SP500_NOV2019_IDay.csv",
            {"timeframe": "1m", "timezone": "America/New_York", "time_format": "%m/%d/%Y %H:%M"},
            1563,
            "2019-11-05T14:30",
            3080.49,
        ),
    ],
)
def test_vendor_files(vendor: Path, name: str, options: dict[str, object], bars: int, first: str, close: float) -> None:
    imported = read(vendor / name, **options).bars
    assert len(imported) == bars
    assert str(imported.time.view("M8[ns]")[0].astype("M8[m]")) == first
    assert imported.close[0] == close


def test_newest_first_comes_out_in_order(vendor: Path) -> None:
    path = vendor / "cryptodatadownload_Binance_ADAUSDT_1h.csv"
    imported = read(path, format="cryptodatadownload", timeframe="1h")
    assert imported.newest_first
    last = path.read_text().splitlines()[1].split(",")
    assert imported.bars.time[-1] == int(last[0]) * 1_000_000
    assert imported.bars.volume is not None
    assert imported.bars.volume[-1] == float(last[7])
    assert (np.diff(imported.bars.time) > 0).all()


def test_yahoo_is_total_return_adjusted(vendor: Path) -> None:
    split = read(vendor / "yahoo_orcl-2014.txt").bars
    total = read(vendor / "yahoo_orcl-2014.txt", format="yahoo").bars
    np.testing.assert_allclose(total.high / split.high, total.close / split.close, rtol=1e-12)
    np.testing.assert_array_equal(total.volume, split.volume)


# ── Real defects: reported with their lines, never repaired ──────────────────────────────────────────────


def texts_of(frame: Any) -> dict[str, str]:
    """Return the CSV text of each symbol of a normalised file."""
    return {
        str(symbol): rows.drop(columns=["symbol", "timeframe"]).to_csv(index=False)
        for symbol, rows in frame.groupby(frame["symbol"].astype(str))
    }


def found(texts: dict[str, str]) -> tuple[dict[str, int], Counter[str]]:
    """Return the number of bad bars by symbol, and of faults by code; check that without leave they refuse all."""
    bad: dict[str, int] = {}
    codes: Counter[str] = Counter()
    for symbol, text in texts.items():
        imported = read_bars(text.encode(), symbol="X", timeframe="1d", skip_bad_bars=True)
        if imported.skipped_count:
            bad[symbol] = imported.skipped_count
            codes.update(fault.code for fault in imported.skipped)
            with pytest.raises(BarsInputError) as refused:
                read_bars(text.encode(), symbol="X", timeframe="1d")
            assert refused.value.faults == imported.skipped
    return bad, codes


def test_the_bad_bars_of_the_sp500(shared: Callable[[str], Path]) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pandas.read_parquet(shared("data") / "us_sp500_daily_2013_2018.parquet")
    symbols = [
        *("AOS", "BBY", "BHF", "CHD", "CHK", "DHR", "ES", "FTV"),
        *("IP", "LNT", "O", "REGN", "SPG", "UA", "VRTX", "WRK"),
    ]
    frame = frame[frame["symbol"].astype(str).isin([*symbols, "AAPL", "MSFT", "XOM"])]
    bad, codes = found(texts_of(frame))
    assert sorted(bad) == symbols
    assert sum(bad.values()) == 23
    assert codes == {"missing": 27, "low_above_body": 11, "high_below_low": 1}


def test_the_bad_bars_of_the_vix(shared: Callable[[str], Path]) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(shared("data") / "index_daily_vix_gspc_1928_2018.csv.gz")
    bad, codes = found(texts_of(frame))
    assert bad == {"VIX": 47}
    assert codes == {"low_above_body": 27, "high_below_body": 20}
