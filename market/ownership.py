"""Who may see what: one's own and what is shared, one's own first."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from market.models import BarSeries, Instrument, Universe

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


def owned(owner: Owner, **lookups: Any) -> QuerySet[Instrument]:
    """Return the instruments that belong to exactly this owner; None means the shared ones."""
    if owner is None:
        return Instrument.objects.filter(owner__isnull=True, **lookups)
    return Instrument.objects.filter(owner=owner.pk, **lookups)
