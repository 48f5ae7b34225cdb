"""Delete a series or a universe."""

from __future__ import annotations

from django.db import transaction

from market.errors import SeriesNotFound, UniverseNotFound
from market.models import BarSeries, Instrument, Universe
from market.ownership import Owner, owned
from market.symbols import normalise_symbol


def delete_series(*, owner: Owner, symbol: str, timeframe: str) -> None:
    """Delete the owner's series, and its instrument with the last one; raise SeriesNotFound if there is none.

    A shared series of the same name becomes visible again. A user cannot delete a shared one.
    """
    with transaction.atomic():
        instruments = owned(owner, symbol=normalise_symbol(symbol))
        deleted, _ = BarSeries.objects.filter(instrument__in=instruments, timeframe=timeframe).delete()
        if not deleted:
            raise SeriesNotFound(f"No {timeframe} bars of your own for {symbol!r}.")
        Instrument.objects.filter(pk__in=instruments, series=None).delete()


def delete_universe(*, owner: Owner, name: str) -> None:
    """Delete the owner's universe; raise UniverseNotFound if there is none."""
    deleted, _ = Universe.objects.filter(owner=None if owner is None else owner.pk, name=name).delete()
    if not deleted:
        raise UniverseNotFound(f"No universe {name!r} of your own.")
