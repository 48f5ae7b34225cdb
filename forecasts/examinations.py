"""What was found when a model was read: written down by who reads it, for those who show it and cannot."""

from datetime import datetime

from forecasts.models import Examination
from forecasts.stored_cards import stored_card


def note(name: str, version: str, *, code: str, detail: str, now: datetime) -> None:
    """Write down whether a model may be asked, and where not, why. Nothing is written that is known already."""
    card = stored_card(name, version)
    found = {"sha256": "" if card is None else card.sha256, "code": code, "detail": detail[:500]}
    if not Examination.objects.filter(name=name, version=version, **found).exists():
        Examination.objects.update_or_create(name=name, version=version, defaults={**found, "examined_at": now})
