"""The series that ship with the project, straight from their files."""

import json
from pathlib import Path

from analysis import Bars
from market.importers import file_bytes, read_bars

DEMO_DATA = Path(__file__).resolve().parents[1] / "demo_data"


def demo_symbols() -> list[str]:
    """Return the symbols of the series, in the order of their list."""
    return [entry["symbol"] for entry in _entries()]


def demo_bars(symbol: str) -> Bars:
    """Return the daily bars of one of the series; raise KeyError for a symbol that is none of them."""
    entry = {entry["symbol"]: entry for entry in _entries()}[symbol]
    data = file_bytes(DEMO_DATA / entry["file"])
    return read_bars(data, symbol=symbol, timeframe=entry["timeframe"]).bars


def _entries() -> list[dict[str, str]]:
    entries: list[dict[str, str]] = json.loads((DEMO_DATA / "series.json").read_text())["series"]
    return entries
