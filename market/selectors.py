"""Reads: which series and universes there are for an owner, and their bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from analysis.errors import Fault
from market.errors import SeriesNotFound, SymbolInvalid, SymbolsUnknown, TimeframeUnknown, UniverseNotFound
from market.loading import load_bars, load_many
from market.models import BarSeries, Universe
from market.ownership import Owner, visible_series, visible_universes
from market.symbols import checked_name, normalise_symbol
from market.timeframes import checked_timeframe

__all__ = [
    "Owner",
    "SeriesRef",
    "find_series",
    "find_universe",
    "load_bars",
    "load_many",
    "resolve",
    "visible_series",
    "visible_universes",
]


class SeriesRef(NamedTuple):
    """Hold what a job needs to know of a series before its bars are read."""

    symbol: str
    series_id: int
    fingerprint: str
    bar_count: int
    adjustment: str


def find_series(owner: Owner, symbol: str, timeframe: str) -> BarSeries:
    """Return the series this owner sees under the symbol; raise SeriesNotFound if there is none."""
    try:
        return visible_series(owner).get(
            instrument__symbol=normalise_symbol(symbol), timeframe=checked_timeframe(timeframe)
        )
    except (BarSeries.DoesNotExist, SymbolInvalid, TimeframeUnknown):
        raise SeriesNotFound(f"No {timeframe} bars for {symbol!r}.") from None


def find_universe(owner: Owner, name: str) -> Universe:
    """Return the universe this owner sees under the name; raise UniverseNotFound if there is none."""
    try:
        return visible_universes(owner).get(name=checked_name(name))
    except (Universe.DoesNotExist, SymbolInvalid):
        raise UniverseNotFound(f"No universe {name!r}.", [Fault("/universe", "unknown_universe", name)]) from None


def resolve(
    owner: Owner, *, symbols: Sequence[str] | None = None, universe: str | None = None, timeframe: str
) -> list[SeriesRef]:
    """Return one reference per symbol, in the asked order, repeated symbols once; at most two queries.

    Exactly one of `symbols` and `universe` is given. Raises UniverseNotFound, TimeframeUnknown, or
    SymbolsUnknown naming every symbol without bars of the timeframe.
    """
    if (symbols is None) == (universe is None):
        raise ValueError("give either symbols or a universe")
    try:
        checked_timeframe(timeframe)
    except TimeframeUnknown as error:
        raise TimeframeUnknown(error.detail, [Fault("/timeframe", error.code, error.detail)]) from None
    asked: Sequence[str] = symbols or []
    if universe is not None:
        asked = find_universe(owner, universe).symbols
    wanted: dict[str, int] = {}
    impossible: set[str] = set()
    for position, symbol in enumerate(asked):
        try:
            wanted.setdefault(normalise_symbol(symbol), position)
        except SymbolInvalid:
            wanted.setdefault(str(symbol), position)
            impossible.add(str(symbol))
    rows = (
        visible_series(owner)
        .filter(instrument__symbol__in=[*(wanted.keys() - impossible)], timeframe=timeframe)
        .values_list("instrument__symbol", "id", "fingerprint", "bar_count", "adjustment")
    )
    found = {row[0]: SeriesRef(*row) for row in rows}
    if len(found) < len(wanted):
        missing = [symbol for symbol in wanted if symbol not in found]
        faults = [
            Fault("/universe" if symbols is None else f"/symbols/{wanted[symbol]}", "unknown_symbol", symbol)
            for symbol in missing
        ]
        raise SymbolsUnknown(missing, timeframe, faults)
    return [found[symbol] for symbol in wanted]
