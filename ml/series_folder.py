"""Series in files between the process that has them and the one that trains on them: plain columns, nothing unpacked
but numbers and texts.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from analysis import Bars

COLUMNS = ("time", "open", "high", "low", "close", "volume")


def put(folder: Path, number: int, bars: Bars) -> None:
    """Write a series of daily bars or longer ones; `number` is its place among them."""
    arrays: dict[str, Any] = {name: column for name in COLUMNS if (column := getattr(bars, name)) is not None}
    arrays |= {"symbol": np.array(str(bars.symbol)), "timeframe": np.array(str(bars.timeframe))}
    np.savez(folder / f"{number:06}.npz", **arrays)


def series_in(folder: Path) -> Iterator[Bars]:
    """Yield the series in their order, one at a time."""
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as stored:
            columns = {name: stored[name] for name in COLUMNS if name in stored}
            yield Bars(**columns, symbol=str(stored["symbol"]), timeframe=str(stored["timeframe"]))
