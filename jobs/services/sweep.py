"""Put right whatever a crash left behind: expired leases, unsent messages, unsettled jobs, idle windows."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings

from jobs import dispatch, end_reasons, holds
from jobs.errors import NotCancellable
from jobs.models import Chunk
from jobs.queries import backlog, counts, life, upgrades
from jobs.queues import CHUNK_QUEUES
from jobs.services.cancel import cancel
from jobs.services.join import look_after
from jobs.services.settle import settle
from jobs.signals import attempt_of, attempt_over
from jobs.states import State
from jobs.transitions import move

log = structlog.get_logger(__name__)

ACTOR = "sweep"
# A publish that has not been stamped for this long did not happen: its process died or the broker was away.
UNPUBLISHED_SECONDS = 5
BATCH = 1_000


@dataclass(slots=True)
class SweepReport:
    leases_expired: int = 0
    poisoned: int = 0
    overdue: int = 0
    republished: int = 0
    settled: int = 0
    joined: int = 0
    queued: int = 0


def sweep(*, now: datetime) -> SweepReport:
    """Recover everything that can be recovered at this moment, and return what it came to. Safe to run anywhere."""
    report = SweepReport()
    _take_back_leases(report, now)
    _settle_stragglers(report, now)
    report.overdue = cancel_overdue(now=now)
    report.joined = look_after(now=now, limit=BATCH)
    for queue in CHUNK_QUEUES:
        if holds.is_held(queue):
            continue
        report.republished += _republish(queue, now)
        report.queued += dispatch.pump(queue, now=now)
    _tidy()
    log.info("swept", **{name: getattr(report, name) for name in report.__slots__})
    return report


def recount() -> int:
    """Count ended jobs themselves and put right what is counted of them; return how many counts were wrong."""
    wrong = upgrades.recount()
    if wrong:
        log.warning("counts_corrected", counts=wrong)
    return wrong


def _tidy() -> None:
    """Add up what was counted since the last sweep, and give rows of release 1.1 their owners."""
    while counts.add_up(BATCH) > BATCH // 3:  # a batch was full; what ends meanwhile is the next sweep's
        pass
    while upgrades.name_owners(BATCH):
        pass


def _take_back_leases(report: SweepReport, now: datetime) -> None:
    """Return chunks of lost workers to the head of their queue, and end those that have cost a worker every try."""
    free: dict[str, list[int]] = defaultdict(list)
    for chunk in backlog.expired_leases(now, BATCH):
        report.leases_expired += 1
        attempt = attempt_of(chunk)
        if chunk.job.state == State.CANCELLING:
            move(chunk, State.CANCELLED, actor=ACTOR, now=now, finished_at=now, reason="lease expired")
        elif chunk.attempt >= settings.MAX_ATTEMPTS:
            report.poisoned += 1
            move(
                chunk,
                State.FAILED,
                actor=ACTOR,
                now=now,
                finished_at=now,
                reason="lease expired",
                error_code=end_reasons.WORKER_LOST,
                error_detail=f"{chunk.attempt} workers were lost while running this chunk; it is not tried again.",
            )
        elif move(
            chunk,
            State.ACCEPTED,
            actor=ACTOR,
            now=now,
            reason="lease expired",
            lease_expires_at=None,
            not_before=None,
        ):
            free[chunk.queue].append(chunk.pk)
        if chunk.state != State.RUNNING:  # this sweep has moved it
            attempt_over.send_robust(
                sender=Chunk, attempt=attempt, outcome="lost", code=end_reasons.WORKER_LOST, seconds=0.0, ok_count=0
            )
        settle(chunk.job_id, actor=ACTOR, now=now)
    for queue, chunk_ids in free.items():
        report.queued += dispatch.pump_first(queue, chunk_ids, now=now)


def cancel_overdue(*, now: datetime) -> int:
    """Cancel the jobs whose own deadline has passed, and return how many there were; finished parts stay."""
    overdue = life.overdue(now, BATCH)
    for job in overdue:
        with suppress(NotCancellable):  # it ended meanwhile
            cancel(job=job, actor=ACTOR, now=now, reason=end_reasons.DEADLINE)
    return len(overdue)


def _settle_stragglers(report: SweepReport, now: datetime) -> None:
    """End jobs whose last finisher died between finishing and settling."""
    for job_id in life.unsettled(BATCH):
        report.settled += settle(job_id, actor=ACTOR, now=now) is not None


def _republish(queue: str, now: datetime) -> int:
    """Send the messages of queued chunks again that never were sent, or that the broker has lost.

    A chunk sent long ago is taken for lost only while the broker's list is shorter than the queued rows, so a
    legitimate backlog is never sent twice.
    """
    lost = backlog.never_sent(queue, now - timedelta(seconds=UNPUBLISHED_SECONDS), BATCH)
    stale = backlog.sent_long_ago(queue, now - timedelta(seconds=settings.REPUBLISH_AFTER_SECONDS), BATCH)
    if stale:
        length = dispatch.broker_length(queue)
        if length is not None and length < backlog.queued_count(queue):
            lost += stale
    if not lost or not dispatch.publish(queue, lost):
        return 0
    backlog.stamp_published(lost, now)
    return len(lost)
