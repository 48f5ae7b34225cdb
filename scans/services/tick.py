"""Start the scans that are due, each exactly once per fire time."""

from datetime import datetime

import structlog
from django.db import transaction

from jobs.errors import InvalidRequest
from jobs.requests import JobRequest
from jobs.services.submit import submit
from scans.models import Scan, ScanRun
from scans.timing import next_fire

log = structlog.get_logger(__name__)


def tick(*, now: datetime) -> list[ScanRun]:
    """Fire every enabled scan whose time has come, and return the runs this call started.

    Any number of beats may call this at once: the guarded update of next_fire_at has one winner, and the run and its
    job are stored with it or not at all.
    """
    Scan.objects.filter(enabled=True, next_fire_at__isnull=True).update(next_fire_at=now)
    due = Scan.objects.filter(enabled=True, next_fire_at__lte=now).select_related("crontab", "interval", "owner")
    runs = [run for scan in due.order_by("next_fire_at", "pk") if (run := _fire(scan, now)) is not None]
    if runs:
        log.info("scans_fired", scans=[run.scan.name for run in runs])
    return runs


def _fire(scan: Scan, now: datetime) -> ScanRun | None:
    with transaction.atomic():
        seen = scan.next_fire_at
        advanced = Scan.objects.filter(pk=scan.pk, next_fire_at=seen, enabled=True).update(
            next_fire_at=next_fire(scan, now=now)
        )
        return start(scan, fire_at=seen, now=now) if advanced else None  # type: ignore[arg-type]


def start(scan: Scan, *, fire_at: datetime, now: datetime) -> ScanRun:
    """Submit the scan's job and store the run; a request that is no longer valid is stored as the run's error."""
    request = request_of(scan)
    run = ScanRun(scan=scan, fire_at=fire_at, started_at=now)
    try:
        run.job_id = submit(owner=scan.owner, request=request, now=now, limited=False, waited_for=False).pk
    except InvalidRequest as error:
        run.error = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in error.faults)[:4_000]
    run.save(force_insert=True)
    return run


def request_of(scan: Scan) -> JobRequest:
    """Return what a run of the scan asks for."""
    return JobRequest(
        analyses=scan.analyses,
        universe=scan.universe,
        timeframe=scan.timeframe,
        tags=["scan", f"scan:{scan.name}"],
    )
