"""Who may see what: one's own and what is shared, one's own first."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from market.models import BarSeries, Instrument, Universe
from market.symbols import normalise_symbol

Owner = AbstractBaseUser | None  # None is the owner of what is shared


def _own_or_shared(field: str, owner: Owner) -> Q:
    shared = Q(**{f"{field}__isnull": True})
    return shared if owner is None else shared | Q(**{field: owner.pk})


def visible_series(owner: Owner) -> QuerySet[BarSeries]:
    """Return the series this owner can read: own ones, and shared ones that no own series hides.

    A series hides the shared one of the same symbol and timeframe, so own hourly bars leave shared daily
    bars visible.
    """
    series = BarSeries.objects.select_related("instrument").filter(_own_or_shared("instrument__owner", owner))
    if owner is None:
        return series
    own = BarSeries.objects.filter(
        instrument__owner=owner.pk,
        instrument__symbol=OuterRef("instrument__symbol"),
        timeframe=OuterRef("timeframe"),
    )
    return series.filter(Q(instrument__owner=owner.pk) | ~Exists(own))


def visible_universes(owner: Owner) -> QuerySet[Universe]:
    """Return the universes this owner can read: own ones, and shared ones that no own one hides."""
    universes = Universe.objects.filter(_own_or_shared("owner", owner))
    if owner is None:
        return universes
    own = Universe.objects.filter(owner=owner.pk, name=OuterRef("name"))
    return universes.filter(Q(owner=owner.pk) | ~Exists(own))


def locked_instrument(owner: Owner, symbol: str) -> Instrument | None:
    """Return the instrument of exactly this owner (None: the shared one), locked until the transaction ends.

    Every writer of series takes this lock first, so that writers of one symbol follow one another; services
    never delete an instrument, so the lock cannot vanish. Raises SymbolInvalid.
    """
    instruments = Instrument.objects.select_for_update().filter(symbol=normalise_symbol(symbol))
    return instruments.filter(owner_id=None if owner is None else owner.pk).first()
