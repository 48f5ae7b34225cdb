"""Take a model out of service that was worse than chance beyond doubt, and let staff put it back."""

from datetime import datetime

import structlog
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from forecasts.errors import RegistryError
from forecasts.fallbacks import detail
from forecasts.models import Fallback, ModelReport, ModelVersion
from forecasts.recent import WORSE, recent
from forecasts.served import PATTERN_OUTCOME, served_card
from forecasts.services.registry import MOST_REASON, note

log = structlog.get_logger(__name__)


def watch(name: str = PATTERN_OUTCOME, *, now: datetime) -> ModelReport | None:
    """Write down how the served model of this name did of late, and answer chance in its place if it was worse
    beyond doubt.

    None where its card is not there. A model that nobody has registered is, so that staff find it.
    """
    found = served_card(name)
    if found is None:
        return None
    figures = recent(found.sha256, now)
    report, _ = ModelReport.objects.update_or_create(
        sha256=found.sha256, kind=ModelReport.Kind.RECENT, defaults={"figures": figures, "measured_at": now}
    )
    if figures["verdict"] == WORSE:
        version = found.card["version"]
        row, _ = ModelVersion.objects.get_or_create(
            name=name, version=version, defaults={"sha256": found.sha256, "registered_at": now}
        )
        fallback, is_new = Fallback.objects.get_or_create(
            sha256=found.sha256, lifted_at=None, defaults={"model": str(row), "figures": figures, "fell_back_at": now}
        )
        if is_new:
            log.error("model_fell_back", model=fallback.model, detail=detail(fallback))
    return report


def lift(pk: int, *, actor: AbstractBaseUser, now: datetime, reason: str) -> ModelVersion:
    """Let a model be served again. What was scored until now is not held against it once more.

    Raises RegistryError where it has not fallen back, or there is no reason, which is written down.
    """
    with transaction.atomic():
        row = ModelVersion.objects.select_for_update().get(pk=pk)
        if not Fallback.objects.filter(model=str(row), lifted_at=None).exists():
            raise RegistryError(f"{row} has not fallen back.")
        if not (stated := reason.strip()[:MOST_REASON]):
            raise RegistryError(f"{row} was worse than chance beyond doubt. To serve it all the same, give a reason.")
        Fallback.objects.filter(model=str(row), lifted_at=None).update(lifted_at=now)
        note(actor, row, f"Fallback lifted. Reason: {stated}")
    return row
