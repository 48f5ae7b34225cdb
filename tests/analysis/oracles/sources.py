"""Independent sources: stored columns of five libraries, and two libraries asked while the tests run.

What licences let us pass on is in tests/golden, the rest in ../shared, beside the repository.
"""

import csv
import gzip
import json
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from analysis.arrays import Floats
from analysis.bars import Bars
from tests.analysis.oracles.cases import SHARED, Expected, Source
from tests.analysis.shipped import demo
from tests.bars import DAY_NS, FIRST_NS

PRICES = ("open", "high", "low", "close")
GOLDEN = "tests/golden"
MOST_VAGUE = 8  # characters
INPUTS = {1: "close", 2: "high low", 3: "high low close", 4: "high low close volume", 5: "open high low close volume"}


def skender(file: str, **columns: str) -> Source:
    """Stock.Indicators: `file` of `file.standard.json`, its key for each of our outputs."""

    def load(folder: Path) -> Expected:
        rows = json.loads(_text(folder / f"{file}.standard.json.gz"))
        bars = csv_bars(folder / "default.csv.gz")
        return Expected(bars, {ours: _numbers([row[theirs] for row in rows]) for ours, theirs in columns.items()})

    return Source("Skender", load, f"{GOLDEN}/skender")


def lean(file: str, absolute: float = 1e-4, **columns: str) -> Source:
    """QuantConnect Lean: a file with prices and, by heading (or a part of it), the columns for our outputs."""
    return Source("Lean", lambda folder: _table(folder / file, absolute, columns), f"{GOLDEN}/lean")


def bukosabino(file: str, absolute: float = 1e-4, **columns: str) -> Source:
    """The worked spreadsheets of bukosabino/ta: a file with prices and the columns for our outputs."""
    return Source("bukosabino", lambda folder: _table(folder / file, absolute, columns), f"{GOLDEN}/bukosabino")


def ttr(**columns: str) -> Source:
    """R's TTR on its own `ttrc`: the column `Function.output` for each of our outputs."""

    def load(folder: Path) -> Expected:
        rows = list(csv.DictReader(_text(folder / "expected_first250.csv.gz").splitlines()))
        bars = csv_bars(folder / "input_ttrc_first250.csv")
        return Expected(bars, {ours: _numbers([row[theirs] for row in rows]) for ours, theirs in columns.items()}, 1e-8)

    return Source("TTR", load, f"{SHARED}oracles/ttr_r")


def tulip(file: str, block: str, *outputs: str, inputs: str = "", absolute: float = 6e-4) -> Source:
    """Tulip Indicators: the block `name options` of atoz, extra or untest; `""` skips an output of theirs."""

    def load(folder: Path) -> Expected:
        path = folder / f"{file}.txt"
        arrays = _tulip_block(_text(path if path.exists() else folder / f"{file}.txt.gz"), block)
        given, last = arrays[: -len(outputs)], arrays[-len(outputs) :]
        names = (inputs or INPUTS[len(given)]).split()
        columns = {name: values for name, values in zip(outputs, last, strict=True) if name}
        return Expected(_bars(dict(zip(names, given, strict=True))), columns, 1e-9, absolute)

    return Source("Tulip", load, f"{SHARED}oracles/tulip")


def tulipy(absolute: float = 0.0, **columns: str) -> Source:
    """Tulip Indicators on SPY: the array's name for each of our outputs."""

    def load(folder: Path) -> Expected:
        arrays = json.loads(_text(folder / "tulipy_oracle.json.gz"))["arrays"]
        bars = csv_bars(folder / "SPY_D.csv.gz")
        return Expected(bars, {ours: _numbers(arrays[theirs]) for ours, theirs in columns.items()}, 1e-9, absolute)

    return Source("Tulip", load, f"{GOLDEN}/pandas_ta_classic")


def talipp(indicator: str, *arguments: Any, inputs: str = "", relative: float = 1e-9, **columns: str) -> Source:
    """talipp, asked now on the shipped AAPL series: its class and arguments, its field for each of our outputs.

    A field of `""` is the value itself. `inputs="close"` gives it numbers, otherwise it gets whole bars.
    """

    def load(_folder: Path) -> Expected:
        import talipp.indicators
        from talipp.ohlcv import OHLCVFactory

        bars = demo("AAPL", 700)
        given: Any
        if inputs:
            given = getattr(bars, inputs).tolist()
        else:
            given = OHLCVFactory.from_dict({name: getattr(bars, name).tolist() for name in (*PRICES, "volume")})
        values = list(getattr(talipp.indicators, indicator)(*arguments, input_values=given))
        return Expected(bars, {ours: _numbers(_fields(values, theirs)) for ours, theirs in columns.items()}, relative)

    return Source("talipp", load)


def pandas_ta(
    function: str, relative: float = 1e-9, *, given: str = "", options: Mapping[str, Any] | None = None, **columns: int
) -> Source:
    """pandas-ta-classic without TA-Lib, asked now on the shipped AAPL series: its function and options.

    `given` names the columns that it takes ("close", "high low close"); each of our outputs is the place of its
    column among theirs.
    """

    def load(_folder: Path) -> Expected:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # theirs, of pandas
            import pandas as pd
            import pandas_ta_classic as ta

            bars = demo("AAPL", 700)
            index = pd.to_datetime(bars.time)
            frame = pd.DataFrame({name: getattr(bars, name) for name in (*PRICES, "volume")}, index=index)
            got = getattr(ta, function)(*(frame[name] for name in given.split()), talib=False, **(options or {}))
        table = got.to_frame() if isinstance(got, pd.Series) else got
        return Expected(bars, {ours: table.iloc[:, at].to_numpy("float64") for ours, at in columns.items()}, relative)

    return Source("pandas-ta-classic", load)


def worked(second: str, bars: Bars, absolute: float = 1e-9, **columns: Sequence[float | None]) -> Source:
    """A fixture worked by hand, its arithmetic in the test beside it: the last values of each of our outputs.

    Who works something out by hand may have misread what he reads: `second` names a second source in print that has
    the formula, or the program that comes to the same.
    """
    if len(second) < MOST_VAGUE:
        raise ValueError(f"{second!r} names no second source.")
    expected = Expected(bars, {name: _numbers(values) for name, values in columns.items()}, 1e-12, absolute)
    return Source(f"worked by hand, and {second}", lambda _folder: expected, is_independent=False)


def _fields(values: Sequence[Any], field: str) -> list[Any]:
    return [None if value is None else getattr(value, field) if field else value for value in values]


def _text(path: Path) -> str:
    return _read(path)


@cache
def _read(path: Path) -> str:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return data.decode("utf-8-sig", errors="replace")


def _numbers(values: Sequence[Any]) -> Floats:
    return np.array([_number(value) for value in values], dtype=np.float64)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


@cache
def csv_bars(path: Path) -> Bars:
    rows = [
        {name.lower(): value for name, value in row.items() if name} for row in csv.DictReader(_text(path).splitlines())
    ]
    return _bars({name: _numbers([row[name] for row in rows]) for name in (*PRICES, "volume")})


def _table(path: Path, absolute: float, columns: Mapping[str, str]) -> Expected:
    rows = [row for row in csv.reader(_text(path).splitlines()) if any(row)]
    heading = [name.strip() for name in rows[0]]
    cells = {name: [row[at] if at < len(row) else "" for row in rows[1:]] for at, name in enumerate(heading) if name}
    low = {name.lower(): _numbers(values) for name, values in cells.items()}
    prices = {name: low[name] for name in (*PRICES, "volume") if name in low}
    # Some tables end with notes, some begin before their prices do.
    sound = np.all([np.isfinite(column) for name, column in prices.items()], axis=0)
    expected = {ours: _numbers(cells[_heading(heading, theirs)])[sound] for ours, theirs in columns.items()}
    return Expected(_bars({name: column[sound] for name, column in prices.items()}), expected, 1e-9, absolute)


def _heading(names: Sequence[str], wanted: str) -> str:
    return wanted if wanted in names else next(name for name in names if wanted in name)


def _tulip_block(text: str, block: str) -> list[Floats]:
    lines = iter(text.splitlines())
    arrays: list[Floats] = []
    for line in lines:
        if line.split() == block.split():
            for row in lines:
                if not row.startswith("{"):
                    return arrays
                arrays.append(_numbers(row.strip("{} \t\r").split(",")))
    if not arrays:
        raise LookupError(f"no block {block!r}")
    return arrays


def _bars(columns: Mapping[str, Floats]) -> Bars:
    """Return daily bars of these columns; prices that a source does not give are its close, or middle.

    Where a source's close or open lies outside its high and low, those are widened; volume not given is 1.
    """
    count = len(next(iter(columns.values())))
    middle = columns.get("close", columns.get("volume"))
    if "high" in columns and "close" not in columns:
        middle = (columns["high"] + columns["low"]) / 2
    open_ = columns.get("open", middle)
    high = np.maximum.reduce([columns.get("high", middle), open_, middle])
    low = np.minimum.reduce([columns.get("low", middle), open_, middle])
    if "close" not in columns and "high" not in columns:
        open_ = high = low = middle = np.full(count, 100.0)
    time = FIRST_NS + DAY_NS * np.arange(count, dtype=np.int64)
    volume = columns.get("volume", np.ones(count))
    return Bars(time=time, open=open_, high=high, low=low, close=middle, volume=volume, timeframe="1d")
