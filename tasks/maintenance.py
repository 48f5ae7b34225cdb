"""Beat's own tasks on the job tables."""

import time

from celery import shared_task
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from forecasts.services.keeping import purge as purge_predictions
from jobs import clock, dispatch
from jobs.services import sweep as service
from jobs.services.purge import purge_expired
from jobs.services.purge_tombstones import purge_tombstones
from ops import metrics
from tasks.base import PlainTask

# A recount reads an index of all jobs, and finds something only while processes of release 1.1 run beside these.
RECOUNT_SECONDS = 6 * 3_600
_recounted_at: float | None = None


@shared_task(name="tasks.maintenance.sweep", base=PlainTask, time_limit=300)
def sweep() -> None:
    """Recover lost leases, unsent messages and unsettled jobs."""
    report = service.sweep(now=clock.now())
    metrics.leases_expired_total.inc(report.leases_expired)


@shared_task(name="tasks.maintenance.due", base=PlainTask, time_limit=60)
def due() -> None:
    """Start what was put off until now, and cancel what has passed its deadline."""
    now = clock.now()
    dispatch.start_due(now=now)
    service.cancel_overdue(now=now)


@shared_task(name="tasks.maintenance.retire", base=PlainTask, time_limit=600)
def retire() -> None:
    """Archive and delete what has been kept long enough: jobs, what stays of deleted ones, predictions, old tokens."""
    now = clock.now()
    metrics.jobs_purged_total.inc(purge_expired(now=now))
    purge_tombstones(now=now)
    purge_predictions(now=now)
    OutstandingToken.objects.filter(expires_at__lt=now).delete()
    _recount_now_and_then()


def _recount_now_and_then() -> None:
    """Recount what has ended once in a while, without a message of its own, which workers of 1.1 would not know."""
    global _recounted_at
    if _recounted_at is None or time.monotonic() - _recounted_at > RECOUNT_SECONDS:
        service.recount()
        _recounted_at = time.monotonic()
