"""What the admin shows on top of a model: how well its probabilities held, and how it does while it serves."""

from typing import Any

from django.utils.safestring import SafeString

from forecasts.card_page import card_of
from forecasts.comparison import LEAST_EVENTS
from forecasts.fallbacks import detail, in_force
from forecasts.models import ModelVersion, Result, Status
from forecasts.selectors import reports
from forecasts.served import is_served
from forecasts.stored_cards import StoredCard, stored_card
from ml.reliability_plot import plot


def page_of(row: ModelVersion) -> dict[str, Any]:
    """Return what the template of a model's page needs; what cannot be known is left out or None."""
    found, told = _card(row), reports(row.sha256)
    score = told["scorecard"]
    fallback = in_force(row.sha256)
    return {
        "is_known": found is not None,
        "card": card_of(row.name, row.version),
        "picture": None if found is None else _picture(found),
        "lift_status": None if found is None else found.card.get("lift_status"),
        "usable_from": None if found is None else found.card.get("usable_from"),
        "gates": [] if found is None else found.gates,
        "fallback": None if fallback is None else detail(fallback),
        "is_shadow": row.status == Status.SHADOW,
        "is_served": is_served(row),
        "least_events": LEAST_EVENTS,
        "comparison": told["comparison"],
        "recent": told["recent"],
        "score": score,
        "results": [(result.label, score.get(result.name.lower(), 0)) for result in Result] if score else [],
        "shares": [(Result(name).label, one) for name, one in (score["shares"] or {}).items()] if score else [],
        "drift": told["drift"],
    }


def _card(row: ModelVersion) -> StoredCard | None:
    """Return the card that was registered, or None where it is away or another."""
    try:
        found = stored_card(row.name, row.version)
    except ValueError:  # no name that a folder could have
        return None
    return found if found is not None and found.sha256 == row.sha256 else None


def _picture(found: StoredCard) -> SafeString | None:
    """Return the reliability plot: it is made of numbers, and of a name and a version that are held to their form."""
    try:
        return SafeString(plot(found.card))
    except (LookupError, TypeError, ValueError, ArithmeticError):
        return None  # a card may have anything in it
