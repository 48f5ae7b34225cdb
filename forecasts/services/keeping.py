"""The ledger of predictions: written with the answer that they were served in, and deleted when their time is over."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.conf import settings

from forecasts.ledger import ToKeep, is_late
from forecasts.models import KeptPrediction

log = structlog.get_logger(__name__)
BATCH = 1_000
SECONDS = 30.0


def keep(given: Sequence[ToKeep], *, now: datetime) -> None:
    """Keep these predictions, which are served now, but for those that come too late.

    Of what a model says of one event the first is kept.
    """
    rows = [one.row for one in given if not is_late(now, one.until_ns)]
    for row in rows:
        row.served_at = now
    KeptPrediction.objects.bulk_create(rows, ignore_conflicts=True, batch_size=200)


def purge(*, now: datetime, seconds: float = SECONDS) -> int:
    """Delete predictions that were served longer ago than they are kept, and return how many there were."""
    if not settings.PREDICTION_DAYS:
        return 0
    end, before, purged = time.monotonic() + seconds, now - timedelta(days=settings.PREDICTION_DAYS), 0
    while time.monotonic() < end:
        old = list(KeptPrediction.objects.filter(served_at__lt=before).order_by("served_at").values_list("pk")[:BATCH])
        if not old:
            break
        purged += KeptPrediction.objects.filter(pk__in=[pk for (pk,) in old]).delete()[0]
    if purged:
        log.info("predictions_purged", count=purged)
    return purged
