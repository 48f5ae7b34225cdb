"""Hold a registered model against the one that is served, by the ledger; what is found of the shadow is kept."""

from datetime import datetime
from typing import Any, NamedTuple

from forecasts.comparison import BETTER, compared, sentence
from forecasts.fallbacks import in_force
from forecasts.models import ModelReport, ModelVersion, Status
from forecasts.served import PATTERN_OUTCOME, is_served, served_card
from forecasts.stored_cards import stored_card

NOTHING_TO_COMPARE = "It cannot be compared: the card of the served model or its own is not there, or not as it should."


class Proof(NamedTuple):
    """Whether a model may be promoted by what the ledger has, a sentence about it, and the sha256 of the card of the
    model that it was held against; None where it is served already.
    """

    holds: bool
    text: str
    champion: str | None


def proof_of(row: ModelVersion) -> Proof:
    """Return what the ledger says for a model."""
    champion = served_card(row.name)
    if is_served(row):
        return Proof(
            True, "It was served already, as the settings name it.", None if champion is None else champion.sha256
        )
    told = standing(row)
    if told is None:
        return Proof(False, NOTHING_TO_COMPARE, None)
    return Proof(told["verdict"] == BETTER, sentence(told), told["champion_sha256"])


def standing(row: ModelVersion) -> dict[str, Any] | None:
    """Return the comparison of a model with the served one; None where one of them cannot be compared."""
    try:
        champion, found = served_card(row.name), stored_card(row.name, row.version)
        if champion is None or found is None or found.sha256 != row.sha256 or champion.sha256 == found.sha256:
            return None
        return compared(champion, found, has_fallen_back=in_force(champion.sha256) is not None)
    except (LookupError, TypeError, ValueError):
        return None  # a card may have anything in it


def compare_shadow(name: str = PATTERN_OUTCOME, *, now: datetime) -> ModelReport | None:
    """Write down how the shadow does beside the served model of this name, and return it; None where there is none."""
    row = ModelVersion.objects.filter(name=name, status=Status.SHADOW).first()
    told = None if row is None else standing(row)
    if row is None or told is None:
        return None
    figures = {**told, "text": sentence(told)}
    report, _ = ModelReport.objects.update_or_create(
        sha256=row.sha256, kind=ModelReport.Kind.COMPARISON, defaults={"figures": figures, "measured_at": now}
    )
    return report
