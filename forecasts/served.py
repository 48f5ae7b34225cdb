"""Which model of each family is served, and what an answer of it is named after."""

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

import ml
from forecasts.fallbacks import in_force
from forecasts.models import ModelVersion, Status
from forecasts.stored_cards import StoredCard, stored_card
from ml.family import CANDLESTICKS, FAMILIES, PATTERNS

PATTERN_OUTCOME, CANDLESTICK_OUTCOME = PATTERNS.name, CANDLESTICKS.name
OUTCOMES = tuple(FAMILIES)
EXPECTED_RANGE = "expected_range"
NO_MODEL = "no_model"
# Of each model the settings that name its version, and the sha256 of its card, while none is champion.
SETTINGS = {
    PATTERN_OUTCOME: ("MODEL_VERSION", "MODEL_SHA256"),
    CANDLESTICK_OUTCOME: ("CANDLESTICK_MODEL_VERSION", "CANDLESTICK_MODEL_SHA256"),
}


class Served(NamedTuple):
    """A model that is to be served; `sha256` is what its card must have, empty where nobody has said. Without a version
    none is served.
    """

    name: str
    version: str
    sha256: str

    def is_met_by(self, name: str, version: str, sha256: str) -> bool:
        """Return whether it is this model that is meant, with this card."""
        return (name, version) == (self.name, self.version) and self.sha256 in ("", sha256)


def served(name: str = PATTERN_OUTCOME) -> Served:
    """Return what is served of the outcomes of a family: the champion; without one what the settings name."""
    champion = ModelVersion.objects.filter(name=name, status=Status.CHAMPION).first()
    if champion is not None:
        return Served(name, champion.version, champion.sha256)
    return Served(name, *(getattr(settings, setting) for setting in SETTINGS[name]))


def names_served() -> list[str]:
    """Return the names of the models that there is a version of to serve: settings may name none."""
    return [name for name in OUTCOMES if served(name).version]


def served_card(name: str = PATTERN_OUTCOME) -> StoredCard | None:
    """Return the card of what is served, or None where it is not there or not the one that it must be."""
    now = served(name)
    found = stored_card(now.name, now.version) if now.version else None
    return found if found is not None and now.is_met_by(now.name, now.version, found.sha256) else None


def shadow(name: str = PATTERN_OUTCOME) -> Served | None:
    """Return what is asked beside that, and never answered; None where nothing is, or the same is served by now."""
    row = ModelVersion.objects.filter(name=name, status=Status.SHADOW).first()
    return None if row is None or is_served(row) else Served(row.name, row.version, row.sha256)


def is_served(row: ModelVersion) -> bool:
    """Return whether a registered model is the one that is served."""
    return row.name in OUTCOMES and served(row.name).is_met_by(row.name, row.version, row.sha256)


def sources(names: Iterable[str] = (PATTERN_OUTCOME,)) -> dict[str, str]:
    """Return what predictions are computed with, as a plan says it of its entries: the cards' sha256 and ml's own.

    Of a model that has fallen back nothing is: what it said before is not answered any more.
    """
    return {"ml": code_of_ml(), **{name: _card_asked(served(name)) for name in names}}


def _card_asked(now: Served) -> str:
    found = stored_card(now.name, now.version) if now.version else None
    return NO_MODEL if found is None or in_force(found.sha256) is not None else found.sha256


@cache
def code_of_ml() -> str:
    """Return a digest of the code that models are trained and asked with."""
    hashed = sha256()
    for path in sorted(Path(ml.__path__[0]).glob("*.py")):
        hashed.update(path.read_bytes())
    return hashed.hexdigest()[:16]
