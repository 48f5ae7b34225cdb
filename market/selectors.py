"""Reads: which series and universes there are for an owner, and their bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, Min

from analysis.errors import Fault
from market.errors import SeriesNotFound, SymbolInvalid, SymbolsUnknown, TimeframeUnknown, UniverseNotFound
from market.loading import load_bars, load_many
from market.models import BarSeries, Universe
from market.ownership import Owner, visible_series, visible_universes
from market.symbols import checked_name, normalise_symbol
from market.timeframes import checked_timeframe

__all__ = [
    "Freshness",
    "Owner",
    "SeriesRef",
    "find_series",
    "find_universe",
    "freshness",
    "load_bars",
    "load_many",
    "resolve",
    "visible_series",
    "visible_universes",
    "zones",
]


class SeriesRef(NamedTuple):
    """Hold what a job needs to know of a series before its bars are read; no id where there is none."""

    symbol: str
    series_id: int | None
    fingerprint: str
    bar_count: int
    adjustment: str | None


class Freshness(NamedTuple):
    """How new the series of a timeframe are: the newest bar of all, and the newest of the one that lags most."""

    timeframe: str
    series: int
    newest_bar_at: datetime
    laggard_at: datetime


def freshness() -> list[Freshness]:
    """Return how new the series of each timeframe are, everybody's together."""
    facts = {"n": Count("pk"), "newest": Max("last_at"), "laggard": Min("last_at")}
    rows = BarSeries.objects.values_list("timeframe").annotate(**facts).order_by("timeframe")
    return [Freshness(*row) for row in rows]


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
        raise UniverseNotFound(
            f"No universe {name!r}.", [Fault("/universe", "unknown_universe", f"No universe {name!r}.")]
        ) from None


def zones(series_ids: Sequence[int]) -> dict[int, str]:
    """Return the IANA zone of each series; UTC also where nobody gave one."""
    return dict(BarSeries.objects.filter(pk__among=series_ids).values_list("pk", "timezone"))


def resolve(
    owner: Owner, *, symbols: Sequence[str] | None = None, universe: str | None = None, timeframe: str
) -> list[SeriesRef]:
    """Return one reference per symbol, in the asked order, repeated symbols once.

    Exactly one of `symbols` and `universe` is given. Raises UniverseNotFound, TimeframeUnknown, or
    SymbolsUnknown naming every symbol without bars of the timeframe. A universe is a list that outlives its series, so
    a member without bars has a reference without a series, unless none of them has any.
    """
    if (symbols is None) == (universe is None):
        raise ValueError("give either symbols or a universe")
    _demand_timeframe(owner, universe, timeframe)
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
        .filter(instrument__symbol__among=wanted.keys() - impossible, timeframe=timeframe)
        .values_list("instrument__symbol", "id", "fingerprint", "bar_count", "adjustment")
    )
    found = {row[0]: SeriesRef(*row) for row in rows}
    missing = [symbol for symbol in wanted if symbol not in found]
    if missing and (symbols is not None or not found):
        others = _other_timeframes(owner, set(missing) - impossible)
        faults = [
            Fault(
                "/universe" if symbols is None else f"/symbols/{wanted[symbol]}",
                "unknown_symbol",
                f"No {timeframe} bars of {symbol}." + (f" There are {others[symbol]}." if symbol in others else ""),
            )
            for symbol in missing
        ]
        raise SymbolsUnknown(missing, timeframe, faults)
    return [found.get(symbol) or SeriesRef(symbol, None, "", 0, None) for symbol in wanted]


def _demand_timeframe(owner: Owner, universe: str | None, timeframe: str) -> None:
    """Raise TimeframeUnknown, with the fault of the universe beside it if that is unknown too."""
    try:
        checked_timeframe(timeframe)
    except TimeframeUnknown as error:
        faults = [Fault("/timeframe", error.code, error.detail)]
        if universe is not None:
            try:
                find_universe(owner, universe)
            except UniverseNotFound as unknown:
                faults += unknown.faults
        raise TimeframeUnknown(error.detail, faults) from None


def _other_timeframes(owner: Owner, symbols: set[str]) -> dict[str, str]:
    """Return which bars there are of symbols that lack those asked for."""
    rows = visible_series(owner).filter(instrument__symbol__among=symbols).order_by("timeframe")
    others: dict[str, list[str]] = {}
    for symbol, timeframe in rows.values_list("instrument__symbol", "timeframe"):
        others.setdefault(symbol, []).append(timeframe)
    return {symbol: ", ".join(dict.fromkeys(found)) for symbol, found in others.items()}
