"""Delete a series or a universe."""

from __future__ import annotations

from django.db import transaction

from market.errors import SeriesNotFound, UniverseNotFound
from market.models import BarSeries, Universe
from market.ownership import Owner, locked_instrument
from market.symbols import checked_name
from market.timeframes import checked_timeframe


def delete_series(*, owner: Owner, symbol: str, timeframe: str) -> None:
    """Delete the owner's series; raise SeriesNotFound if there is none.

    A shared series of the same name becomes visible again. A user cannot delete a shared one. The instrument
    stays, with its name.
    """
    checked_timeframe(timeframe)
    with transaction.atomic():
        instrument = locked_instrument(owner, symbol)
        deleted, _ = BarSeries.objects.filter(instrument=instrument, timeframe=timeframe).delete()
    if not deleted:
        raise SeriesNotFound(f"No {timeframe} bars of your own for {symbol!r}.")


def delete_universe(*, owner: Owner, name: str) -> None:
    """Delete the owner's universe; raise UniverseNotFound if there is none."""
    deleted, _ = Universe.objects.filter(owner=None if owner is None else owner.pk, name=checked_name(name)).delete()
    if not deleted:
        raise UniverseNotFound(f"No universe {name!r} of your own.")
