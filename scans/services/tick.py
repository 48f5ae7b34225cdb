"""Start the scans that are due, each exactly once per fire time."""

from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, transaction

from jobs.errors import InvalidRequest
from jobs.requests import JobRequest
from jobs.services.submit import submit
from scans.models import Scan, ScanRun
from scans.timing import FAULTS, next_fire

log = structlog.get_logger(__name__)

# How long a scan rests whose schedule has no next time.
LOOK_AGAIN = timedelta(hours=1)
MOST_CHARACTERS = 4_000


def tick(*, now: datetime) -> list[ScanRun]:
    """Fire every enabled scan whose time has come, and return the runs this call started.

    Any number of beats may call this at once: the guarded update of next_fire_at has one winner, and the run and its
    job are stored with it or not at all. A new schedule waits for its first time. What goes wrong with one scan is the
    error of a run of its own, and the others fire.
    """
    for scan in Scan.objects.filter(enabled=True, next_fire_at__isnull=True).select_related("crontab", "interval"):
        _await_first(scan, now)
    due = Scan.objects.filter(enabled=True, next_fire_at__lte=now).select_related("crontab", "interval", "owner")
    runs = [run for scan in due.order_by("next_fire_at", "pk") if (run := _fire(scan, now)) is not None]
    if runs:
        log.info("scans_fired", scans=[run.scan.name for run in runs])
    return runs


def _await_first(scan: Scan, now: datetime) -> None:
    """Give a new schedule its first time; the run of one that has none says so at once."""
    try:
        first = next_fire(scan, now=now)
    except FAULTS:
        first = now
    Scan.objects.filter(pk=scan.pk, next_fire_at__isnull=True).update(next_fire_at=first)


def _fire(scan: Scan, now: datetime) -> ScanRun | None:
    try:
        with transaction.atomic():
            return start(scan, fire_at=_seen(scan), now=now) if _advance(scan, next_fire(scan, now=now)) else None
    except (OperationalError, InterfaceError):
        log.warning("scan_waits", scan=scan.name, exc_info=True)  # for the next tick: the database says nothing of it
        return None
    except Exception as error:
        log.exception("scan_failed", scan=scan.name)
        return _note(scan, now, error)


def _note(scan: Scan, now: datetime, error: Exception) -> ScanRun | None:
    """Store the fault as a run of the scan, and let it rest until its next time, or for a while if it has none."""
    try:
        following = next_fire(scan, now=now)
    except FAULTS:
        following = now + LOOK_AGAIN
    with transaction.atomic():
        if not _advance(scan, following):
            return None
        run = ScanRun(scan=scan, fire_at=_seen(scan), started_at=now)
        run.error = f"{type(error).__name__}: {error}"[:MOST_CHARACTERS]
        run.save(force_insert=True)
    return run


def _seen(scan: Scan) -> datetime:
    assert scan.next_fire_at is not None  # noqa: S101 - it was found by it
    return scan.next_fire_at


def _advance(scan: Scan, following: datetime) -> bool:
    """Set the next time if it still is as it was seen; True for the one winner."""
    mine = Scan.objects.filter(pk=scan.pk, next_fire_at=scan.next_fire_at, enabled=True)
    return mine.update(next_fire_at=following) == 1


def start(scan: Scan, *, fire_at: datetime, now: datetime, request_id: str = "") -> ScanRun:
    """Submit the scan's job and store the run; a request that is no longer valid is stored as the run's error."""
    request = request_of(scan)
    run = ScanRun(scan=scan, fire_at=fire_at, started_at=now)
    try:
        job = submit(owner=scan.owner, request=request, now=now, request_id=request_id, limited=False, waited_for=False)
        run.job_id = job.pk
    except InvalidRequest as error:
        run.error = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in error.faults)[:MOST_CHARACTERS]
    run.save(force_insert=True)
    return run


def request_of(scan: Scan) -> JobRequest:
    """Return what a run of the scan asks for."""
    return JobRequest(
        analyses=scan.analyses,
        universe=scan.universe,
        timeframe=scan.timeframe,
        benchmark=scan.benchmark or None,
        tags=["scan", f"scan:{scan.name}"],
    )
