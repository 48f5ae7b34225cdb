"""Writes: every change of market data is one of these calls."""

from market.services.append import append_bars
from market.services.delete import delete_series, delete_universe
from market.services.demo import load_demo
from market.services.import_file import import_file
from market.services.store import store_series
from market.services.universes import put_universe

__all__ = [
    "append_bars",
    "delete_series",
    "delete_universe",
    "import_file",
    "load_demo",
    "put_universe",
    "store_series",
]
