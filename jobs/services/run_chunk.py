"""Claim a chunk, compute it, write its result once, end its job: safe to call for any id, any number of times."""

import socket
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from forecasts.services.keeping import keep
from jobs import dispatch, end_reasons, holds, storage, training
from jobs.callbacks import callback_url
from jobs.compute import Computed, OutOfTime, Stopped, compute
from jobs.errors import TransientFailure
from jobs.full_disk import is_full_disk
from jobs.kinds import Kind
from jobs.models import Chunk, Job, Transition
from jobs.queries import backlog, life
from jobs.reports import LEASE_LOST, ChunkReport, Outcome
from jobs.services.settle import end, settle
from jobs.signals import attempt_began, attempt_of, attempt_over
from jobs.states import TERMINAL, State
from jobs.transitions import move, record

log = structlog.get_logger(__name__)

TRANSIENT = (OperationalError, InterfaceError, TransientFailure)
# How often a running chunk renews its lease and looks whether its job is being cancelled.
RENEW_SECONDS = 1.0
# Making room takes longer than the return of a lost connection; until then each try is as good as the first.
FULL_DISK_PAUSE = timedelta(seconds=30)


def run_chunk(chunk_id: int, *, worker: str = "", clock: Callable[[], datetime]) -> ChunkReport:
    """Run the chunk if it is free and due, and return what came of it.

    Losing the claim, or the lease on the way, is a normal outcome (`lost`), and so is a queue that is paused. A
    transient failure hands the chunk back to its queue; a failure of the work itself ends the chunk, and Celery never
    retries.
    """
    worker = worker or socket.gethostname()
    chunk = _claim(chunk_id, worker, clock())
    if chunk is None:
        return ChunkReport("lost")
    structlog.contextvars.bind_contextvars(**_named(chunk), attempt=chunk.attempt)
    attempt = attempt_of(chunk)  # as it is now: the row goes on to what comes of it
    attempt_began.send_robust(sender=Chunk, attempt=attempt)
    started = time.monotonic()
    report = ChunkReport("lost", queue=chunk.queue, symbol_count=chunk.item_count)
    if chunk.attempt == 1:
        report.wait_seconds = (chunk.started_at - chunk.created_at).total_seconds()  # type: ignore[operator]
    try:
        if chunk.job.kind == Kind.TRAINING:
            lease = _Lease(chunk, clock, settings.TRAINING_LIMIT_SECONDS)
            computed = training.compute(chunk, now=clock(), should_continue=lease.holds)
        else:
            lease = _Lease(chunk, clock, settings.CHUNK_SOFT_LIMIT_SECONDS)
            computed = compute(chunk, now=clock(), should_continue=lease.holds)
        won = _finished(chunk, computed, worker, clock())
        if won:
            report.outcome = "succeeded" if computed.ok_count else "failed"
            report.code = chunk.error_code
        report.patterns = dict(computed.patterns)
        report.prediction_seconds = computed.prediction_seconds
        report.shadow_seconds = computed.shadow_seconds
    except Stopped:
        won = _leave_if_cancelling(chunk, worker, clock())
        report.outcome = "cancelled" if won else "lost"
    except Exception as error:
        report.code = _code(error)
        report.disk_is_full = is_full_disk(error)
        if report.disk_is_full or isinstance(error, TRANSIENT):
            report.outcome = _release(chunk, worker, clock(), error)
        else:
            log.exception("chunk_failed")
            report.outcome = _fail(chunk, worker, clock(), error)
    report.runtime_seconds = time.monotonic() - started
    if report.outcome == "lost":
        report.code = LEASE_LOST
    attempt_over.send_robust(
        sender=Chunk,
        attempt=attempt,
        outcome=report.outcome,
        code=report.code,
        seconds=report.runtime_seconds,
        ok_count=chunk.ok_count,
    )
    if report.outcome in ("succeeded", "failed", "cancelled"):
        ended = chunk.job if chunk.job.state in TERMINAL else settle(chunk.job_id, actor=worker, now=clock())
        report.calls_back = ended is not None and callback_url(ended) is not None
        dispatch.refill(chunk.queue, now=clock())
    log.info("chunk_over", outcome=report.outcome, symbols=report.symbol_count, seconds=report.runtime_seconds)
    return report


def _named(chunk: Chunk) -> dict[str, Any]:
    """Return what log lines about a chunk are found by; the request is the one whose answer had the job."""
    return {"job_id": str(chunk.job_id), "chunk_id": chunk.pk, "request_id": chunk.job.request_id}


def _claim(chunk_id: int, worker: str, now: datetime) -> Chunk | None:
    """Take the lease on a free chunk that is due and not held; None when there is nothing to take."""
    chunk = backlog.chunk_to_run(chunk_id)
    if chunk is None:
        return None
    is_due = chunk.not_before is None or chunk.not_before <= now
    if chunk.state not in (State.ACCEPTED, State.QUEUED) or not is_due:
        return None
    if holds.is_held(chunk.queue):
        # The message is used up and the chunk stays queued: it is sent again when the queue goes on.
        backlog.stamp_published([chunk.pk], None)
        log.info("chunk_held", **_named(chunk), queue=chunk.queue)
        return None
    transition_rows: list[Transition] = []
    with transaction.atomic():
        claimed = move(
            chunk,
            State.RUNNING,
            actor=worker,
            now=now,
            transition_rows=transition_rows,
            attempt=chunk.attempt + 1,
            worker=worker,
            started_at=now,
            lease_expires_at=now + timedelta(seconds=settings.LEASE_SECONDS),
        )
        if not claimed:
            return None
        if chunk.job.state in (State.ACCEPTED, State.QUEUED):
            _start_job(chunk.job, worker, now, transition_rows)
        record(transition_rows)
    return chunk


def _start_job(job: Job, worker: str, now: datetime, transition_rows: list[Transition]) -> None:
    """Move the job to running; its pump may have queued it since it was read, so look once more on losing."""
    if move(job, State.RUNNING, actor=worker, now=now, transition_rows=transition_rows, started_at=now):
        return
    job.refresh_from_db()
    if job.state in (State.ACCEPTED, State.QUEUED):
        move(job, State.RUNNING, actor=worker, now=now, transition_rows=transition_rows, started_at=now)


class _Lease:
    """Renew the lease between symbols, say no once it is over or the job is being cancelled, and watch the time."""

    def __init__(self, chunk: Chunk, clock: Callable[[], datetime], most_seconds: float) -> None:
        self._chunk = chunk
        self._most_seconds = most_seconds
        self._clock = clock
        self._began = self._looked = time.monotonic()

    def holds(self) -> bool:
        since = time.monotonic() - self._looked
        if since < RENEW_SECONDS:
            return True
        if since >= settings.LEASE_SECONDS:
            # No symbol may take so long: the process was paused. Its work belongs to who takes it back, and the
            # time that passed says nothing of the symbols that are left.
            return False
        if time.monotonic() - self._began > self._most_seconds:
            raise OutOfTime
        self._looked = time.monotonic()
        return backlog.renew_lease(self._chunk, self._clock())


def _finished(chunk: Chunk, computed: Computed, worker: str, now: datetime) -> bool:
    """Finish the chunk; where that fails, its rows are as they were, and so is what is known of them here."""
    before = chunk.state, chunk.job.state
    try:
        return _finish(chunk, computed, worker, now)
    except Exception:
        chunk.state, chunk.job.state = before
        raise


def _finish(chunk: Chunk, computed: Computed, worker: str, now: datetime) -> bool:
    """Write the result and end the chunk in one transaction; False (and nothing written) when fenced."""
    transition_rows: list[Transition] = []
    error = "" if computed.ok_count else computed.error or end_reasons.NOTHING_COMPUTED
    with transaction.atomic():
        blob = storage.write(computed.packed, now=now)
        won = move(
            chunk,
            State.SUCCEEDED if computed.ok_count else State.FAILED,
            actor=worker,
            now=now,
            transition_rows=transition_rows,
            finished_at=now,
            blob=blob,
            ok_count=computed.ok_count,
            failures=computed.failures,
            progress=computed.progress,
            reusable=computed.reusable,
            error_code=error,
        )
        if not won:
            transaction.set_rollback(True)
        elif chunk.job.chunk_count == 1:
            # The only chunk implies the end; if the job was cancelled meanwhile this loses, and settle looks again.
            failed = chunk.item_count - computed.ok_count
            counts = {State(chunk.state): 1}
            end(
                chunk.job,
                counts,
                computed.ok_count,
                failed,
                reusable=computed.reusable,
                error=error,
                actor=worker,
                now=now,
                transition_rows=transition_rows,
                result_bytes=blob.size,
            )
        if won:
            record(transition_rows)
            keep(computed.to_keep, now=now)
            training.keep_model(chunk, computed, now=now)
    return won


def _leave_if_cancelling(chunk: Chunk, worker: str, now: datetime) -> bool:
    if life.is_cancelling(chunk.job_id):
        return move(chunk, State.CANCELLED, actor=worker, now=now, finished_at=now)
    return False


def _release(chunk: Chunk, worker: str, now: datetime, error: Exception) -> Outcome:
    """Hand the chunk back after a transient failure, with a growing pause, or end it when tries are used up.

    A full disk uses none up: it says nothing of the chunk.
    """
    full = is_full_disk(error)
    if chunk.attempt >= settings.MAX_ATTEMPTS and not full:
        return _fail(chunk, worker, now, error)
    log.warning("chunk_released", error=repr(error))
    pause = FULL_DISK_PAUSE if full else timedelta(seconds=2**chunk.attempt)
    won = move(
        chunk,
        State.ACCEPTED,
        actor=worker,
        now=now,
        reason=type(error).__name__,
        not_before=now + pause,
        lease_expires_at=None,
    )
    return "released" if won else "lost"


def _code(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return end_reasons.OUT_OF_MEMORY
    return end_reasons.TRANSIENT if isinstance(error, TRANSIENT) else end_reasons.BUG


def _fail(chunk: Chunk, worker: str, now: datetime, error: Exception) -> Outcome:
    won = move(
        chunk,
        State.FAILED,
        actor=worker,
        now=now,
        reason=type(error).__name__,
        finished_at=now,
        error_code=_code(error),
        error_detail="".join(traceback.format_exception(error))[-8_000:],
    )
    return "failed" if won else "lost"
