"""Build demo_data/ from the PyPI packages bokeh-sampledata and arch.

    python scripts/build_demo_data.py [--out demo_data]

The packages are read as files, not imported. Each source file is checked against the sha256 below, so another
release of a package stops the build instead of changing the data silently. Same sources, same output: decimal
arithmetic throughout, gzip without time or name.

Stocks are made total-return adjusted: open, high, low and close are multiplied by adj_close / close of
their day. Volume is brought to today's shares by split factors only: a dividend changes no share count.
Indices have neither splits nor dividends and stay as they are.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from importlib.metadata import distribution
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

COLUMNS = ("time", "open", "high", "low", "close", "volume")
STOCKS = "bokeh_sampledata/_data/stocks.csv.gz"
INDICES = {"SPX": "arch/data/sp500/sp500.csv.gz", "IXIC": "arch/data/nasdaq/nasdaq.csv.gz"}
SHA256 = {
    STOCKS: "e73fe05d106b7da1abe8f947264c514afd02cef5c9db4864b9437c84d6bd6069",
    INDICES["SPX"]: "1c4d0aeed8db9284de8ad71e4063c97f645ad6dd13507f8e305338e96c396ba7",
    INDICES["IXIC"]: "799ab0bf4a29129f23c27743098215c4033c139ff76dc935a1cd53d1aea9997e",
}

# Ex-dates and ratios of every split that adj_close contains (the source's adjustments end in 2018).
# Those after 2013-03-01 lie beyond the bars, yet scale all of them.
SPLITS: dict[str, dict[str, Decimal]] = {
    "AAPL": {"2000-06-21": Decimal(2), "2005-02-28": Decimal(2), "2014-06-09": Decimal(7)},
    "IBM": {},
    "MSFT": {"2003-02-18": Decimal(2)},
    "GOOG": {"2014-04-03": Decimal(2)},
}
# The source reports Google's volume in shares after its 2014 split already: twice the traded number each day.
VOLUME_ALREADY_SPLIT = {"GOOG"}

NAMES = {
    "AAPL": "Apple Inc.",
    "IBM": "International Business Machines Corp.",
    "MSFT": "Microsoft Corp.",
    "GOOG": "Google Inc.",
    "SPX": "S&P 500 index",
    "IXIC": "NASDAQ Composite index",
}
# Six decimals keep bars of 2000 apart: AAPL's cent is worth 0.0003 after adjustment. Index levels have two.
STOCK_DIGITS, INDEX_DIGITS = Decimal("0.000001"), Decimal("0.01")
# What close / adj_close at the last bar may hold besides splits: dividends of 2013 to 2018, and the 0.3 % by
# which the source's ratio of Google's class C distribution (1.9938) differs from 2.
DIVIDENDS_AFTER = (Decimal("0.99"), Decimal("1.25"))


class Row(NamedTuple):
    """Hold one daily bar as decimals, dated YYYY-MM-DD."""

    date: str
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    adj_close: Decimal


class SourceChanged(Exception):
    """Say that an installed package does not hold the file this script was written for."""


def source_text(package: str, path: str) -> str:
    """Return the decompressed text of a file of an installed package, checked against its sha256."""
    file = Path(str(distribution(package).locate_file(path)))
    data = gzip.decompress(file.read_bytes())
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256[path]:
        raise SourceChanged(f"{path} has sha256 {found}, not {SHA256[path]}: check the data, then the script")
    return data.decode()


def stock_rows() -> dict[str, list[Row]]:
    """Return the unadjusted daily rows of the four stocks, with the source's adjusted close."""
    rows: dict[str, list[Row]] = {symbol: [] for symbol in SPLITS}
    reader = csv.reader(io.StringIO(source_text("bokeh-sampledata", STOCKS)))
    next(reader)
    for symbol, date, *numbers in reader:
        if symbol in rows:
            rows[symbol].append(Row(date, *map(Decimal, numbers)))
    return rows


def index_rows(path: str) -> list[Row]:
    """Return the daily rows of one index; the file is Date (M/D/YYYY), prices, Adj Close, Volume."""
    reader = csv.reader(io.StringIO(source_text("arch", path)))
    next(reader)
    rows = []
    for day, opening, high, low, close, adj_close, volume in reader:
        month, of_month, year = map(int, day.split("/"))
        date = f"{year}-{month:02}-{of_month:02}"
        rows.append(Row(date, *map(Decimal, (opening, high, low, close, volume, adj_close))))
    return rows


def split_factor(symbol: str, date: str) -> Decimal:
    """Return the number of today's shares that one share of that date has become."""
    factor = Decimal(1)
    for ex_date, ratio in SPLITS[symbol].items():
        if date < ex_date:
            factor *= ratio
    return factor


def check_splits(symbol: str, rows: list[Row]) -> None:
    """Compare the listed splits with the jumps of close / adj_close; raise ValueError where they differ.

    Between two neighbouring days that ratio falls by exactly the split ratio, or by a dividend's few per cent
    (MSFT's special dividend of 2004-11-15 was 11 %).
    """
    for before, after in pairwise(rows):
        fall = (before.close / before.adj_close) / (after.close / after.adj_close)
        listed = SPLITS[symbol].get(after.date, Decimal(1))
        if not Decimal("0.999") < fall / listed < Decimal("1.12"):
            raise ValueError(f"{symbol} {after.date}: close / adj_close falls by {fall:.4f}, listed is {listed}")
    last = rows[-1]
    left = last.close / last.adj_close / split_factor(symbol, last.date)
    if not DIVIDENDS_AFTER[0] < left < DIVIDENDS_AFTER[1]:
        raise ValueError(f"{symbol}: {left:.4f} is left of the last adjustment after the listed splits")


def adjusted(symbol: str, rows: list[Row]) -> Iterator[Row]:
    """Yield total-return adjusted rows: prices × adj_close / close, volume × later splits."""
    for row in rows:
        scale = row.adj_close / row.close
        first, high, low, last = ((price * scale).quantize(STOCK_DIGITS, ROUND_HALF_EVEN) for price in row[1:5])
        shares = 1 if symbol in VOLUME_ALREADY_SPLIT else split_factor(symbol, row.date)
        yield Row(row.date, first, high, low, last, row.volume * shares, row.adj_close)


def rounded(rows: list[Row]) -> Iterator[Row]:
    """Yield index rows without the noise of their passage through 32-bit floats (1228.099976 was 1228.10)."""
    for row in rows:
        first, high, low, last = (price.quantize(INDEX_DIGITS, ROUND_HALF_EVEN) for price in row[1:5])
        yield Row(row.date, first, high, low, last, row.volume, row.adj_close)


def plain(number: Decimal) -> str:
    """Return the number in positional notation without trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def csv_text(symbol: str, rows: list[Row]) -> str:
    """Return the rows as CSV; raise ValueError if a bar contradicts itself or the order of time is broken.

    Scaling by one positive factor and rounding are both monotone, so a consistent bar stays consistent; this
    is checked all the same.
    """
    lines = [",".join(COLUMNS)]
    previous = ""
    for row in rows:
        if not 0 < row.low <= min(row.open, row.close) <= max(row.open, row.close) <= row.high:
            raise ValueError(f"{symbol} {row.date}: the bar contradicts itself: {row}")
        if row.date <= previous:
            raise ValueError(f"{symbol} {row.date} does not follow {previous}")
        previous = row.date
        lines.append(",".join((row.date, *map(plain, row[1:6]))))
    return "\n".join(lines) + "\n"


def compressed(text: str) -> bytes:
    """Return gzip bytes that depend on the text only."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as stream:
        stream.write(text.encode())
    return buffer.getvalue()


def build() -> dict[str, str]:
    """Return every generated file by name: the CSV texts, and series.json that describes them."""
    files: dict[str, str] = {}
    entries = []

    def add(symbol: str, rows: list[Row], adjustment: str, source: str) -> None:
        text = csv_text(symbol, rows)
        name = f"{symbol}_1d.csv"
        files[name] = text
        entries.append(
            {
                "symbol": symbol,
                "name": NAMES[symbol],
                "timeframe": "1d",
                "adjustment": adjustment,
                "source": source,
                "file": f"{name}.gz",
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
                "bars": len(rows),
                "first": rows[0].date,
                "last": rows[-1].date,
            }
        )

    for symbol, rows in stock_rows().items():
        check_splits(symbol, rows)
        add(symbol, list(adjusted(symbol, rows)), "total", "Quandl WIKI Prices via bokeh-sampledata")
    for symbol, path in INDICES.items():
        add(symbol, list(rounded(index_rows(path))), "raw", "arch")
    files["series.json"] = json.dumps({"universe": "demo", "series": entries}, indent=2) + "\n"
    return files


def main() -> None:
    """Write the files into the folder given by --out."""
    parser = argparse.ArgumentParser(description="Build the demo data.")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent / "demo_data")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name, text in build().items():
        if name.endswith(".csv"):
            (out / f"{name}.gz").write_bytes(compressed(text))
        else:
            (out / name).write_text(text)


if __name__ == "__main__":
    main()
