"""Reads: which models there are, and which of them is served."""

from datetime import datetime
from typing import Any, NamedTuple

from forecasts.models import ModelVersion, Status
from forecasts.served import Served, served
from forecasts.stored_cards import StoredCard, stored_card, stored_cards


class KnownModel(NamedTuple):
    """A model on disk: what its card says, the card's sha256, and whether it is the one that is asked."""

    card: dict[str, Any]
    sha256: str
    is_served: bool


class Champion(NamedTuple):
    """A model that is served because it was promoted."""

    name: str
    version: str
    promoted_at: datetime | None


def champions() -> list[Champion]:
    """Return the models that are served because somebody promoted them, by name."""
    rows = ModelVersion.objects.filter(status=Status.CHAMPION).order_by("name")
    return [Champion(row.name, row.version, row.promoted_at) for row in rows]


def known_models() -> list[KnownModel]:
    """Return all models on disk whose card can be read, by name, the newest version of each first."""
    now = served()
    return [_known(one, now) for one in stored_cards()]


def known_model(name: str, version: str) -> KnownModel | None:
    """Return one of them."""
    try:
        found = stored_card(name, version)
    except ValueError:
        return None
    return None if found is None else _known(found, served())


def _known(found: StoredCard, now: Served) -> KnownModel:
    named = (found.card["name"], found.card["version"]) == (now.name, now.version)
    return KnownModel(found.card, found.sha256, named and now.sha256 in ("", found.sha256))
