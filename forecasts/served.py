"""Which model is served, and what an answer of it is named after."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

import ml
from forecasts.fallbacks import in_force
from forecasts.models import ModelVersion, Status
from forecasts.stored_cards import StoredCard, stored_card

PATTERN_OUTCOME = "pattern_outcome"
EXPECTED_RANGE = "expected_range"
NO_MODEL = "no_model"


class Served(NamedTuple):
    """A model that is to be served; `sha256` is what its card must have, empty where nobody has said."""

    name: str
    version: str
    sha256: str

    def is_met_by(self, name: str, version: str, sha256: str) -> bool:
        """Return whether it is this model that is meant, with this card."""
        return (name, version) == (self.name, self.version) and self.sha256 in ("", sha256)


def served() -> Served:
    """Return what is served of the outcomes of patterns: the champion; without one what the settings name."""
    champion = ModelVersion.objects.filter(name=PATTERN_OUTCOME, status=Status.CHAMPION).first()
    if champion is not None:
        return Served(PATTERN_OUTCOME, champion.version, champion.sha256)
    return Served(PATTERN_OUTCOME, settings.MODEL_VERSION, settings.MODEL_SHA256)


def served_card() -> StoredCard | None:
    """Return the card of what is served, or None where it is not there or not the one that it must be."""
    now = served()
    found = stored_card(now.name, now.version)
    return found if found is not None and now.is_met_by(now.name, now.version, found.sha256) else None


def shadow() -> Served | None:
    """Return what is asked beside that, and never answered; None where nothing is, or the same is served by now."""
    row = ModelVersion.objects.filter(name=PATTERN_OUTCOME, status=Status.SHADOW).first()
    return None if row is None or is_served(row) else Served(row.name, row.version, row.sha256)


def is_served(row: ModelVersion) -> bool:
    """Return whether a registered model is the one that is served."""
    return served().is_met_by(row.name, row.version, row.sha256)


def sources() -> dict[str, str]:
    """Return what a prediction is computed with, as a plan says it of its entries: the card's sha256 and ml's own.

    Of a model that has fallen back nothing is: what it said before is not answered any more.
    """
    now = served()
    found = stored_card(now.name, now.version)
    is_asked = found is not None and in_force(found.sha256) is None
    return {"ml": code_of_ml(), PATTERN_OUTCOME: found.sha256 if found is not None and is_asked else NO_MODEL}


@cache
def code_of_ml() -> str:
    """Return a digest of the code that models are trained and asked with."""
    hashed = sha256()
    for path in sorted(Path(ml.__path__[0]).glob("*.py")):
        hashed.update(path.read_bytes())
    return hashed.hexdigest()[:16]
