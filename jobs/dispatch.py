"""The way to the broker: Redis holds a window of messages, the database holds the backlog.

Publishing happens only here, after commit, by task name, one id a message.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import redis
import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import KombuError, OperationalError

from jobs import holds
from jobs.queries import backlog
from jobs.queues import ML, RUN_CHUNK_TASK
from jobs.states import State
from jobs.transitions import move_many

log = structlog.get_logger(__name__)

# Beyond its limit a training that hangs is killed with its process.
TRAINING_GRACE_SECONDS = 60
BROKER_ERRORS = (KombuError, OperationalError, redis.RedisError, OSError)


def pump(queue: str, *, now: datetime, limit: int | None = None) -> int:
    """Move the oldest accepted chunks of a queue into the broker's window and publish them.

    Takes owners in turn, so that a long backlog of one does not delay another. Returns how many were queued.
    Harmless to call at any time, from any process; a broker that is away leaves the rows queued and unpublished
    for the sweep. Of a paused queue nothing is taken.
    """
    if holds.is_held(queue):
        return 0
    wanted = settings.QUEUE_WINDOW - backlog.queued_count(queue)
    wanted = wanted if limit is None else min(wanted, limit)
    if wanted <= 0:
        return 0
    with transaction.atomic():
        chunks = backlog.oldest_by_turns(queue, wanted, now)
        if not chunks:
            return 0
        move_many(chunks, State.QUEUED, actor="pump", now=now, queued_at=now, published_at=now)
        jobs = list(backlog.accepted_jobs(list({chunk.job_id for chunk in chunks})))
        move_many(jobs, State.QUEUED, actor="pump", now=now)
    send(queue, [chunk.pk for chunk in chunks])
    return len(chunks)


def pump_first(queue: str, chunk_ids: Sequence[int], *, now: datetime) -> int:
    """Queue these accepted chunks before all others, window or not, and return how many there were.

    For what a lost worker held: it has waited for as long as a lease, and there is little of it. In a paused queue it
    waits among the others.
    """
    if holds.is_held(queue):
        return 0
    with transaction.atomic():
        chunks = list(backlog.accepted_chunks(chunk_ids))
        move_many(chunks, State.QUEUED, actor="pump", now=now, queued_at=now, published_at=now)
    if chunks and send(queue, [chunk.pk for chunk in chunks]):
        _bring_forward(queue, len(chunks))
    return len(chunks)


def room(queue: str, *, now: datetime) -> int:
    """Return how many new chunks may go to the broker at once: none while others wait, else what the window holds."""
    waits, queued, held = backlog.backlog(queue, now)
    return 0 if waits or held else max(0, settings.QUEUE_WINDOW - queued)


def send(queue: str, chunk_ids: Sequence[int]) -> bool:
    """Publish chunks that are stamped as published; take the stamp back and return False when the broker is away.

    A process that dies in between leaves the stamp, and the sweep finds the message missing a minute later.
    """
    sent = publish(queue, chunk_ids)
    if not sent:
        backlog.stamp_published(chunk_ids, None)
    return sent


def start_due(*, now: datetime) -> int:
    """Pump the queues in which a chunk's moment has come: a start that was put off, a pause after a failure."""
    return sum(pump(queue, now=now) for queue in backlog.queues_with_due(now))


def go_on(queue: str, *, now: datetime) -> int:
    """Send what a paused queue has left over, and pump it; return how many chunks were sent.

    What was queued before counts as queued now: how long it waited says nothing of the workers.
    """
    if holds.is_held(queue):
        return 0
    backlog.queued_again(queue, now)
    unsent = backlog.never_sent(queue, now + timedelta(microseconds=1), settings.QUEUE_WINDOW)
    backlog.stamp_published(unsent, now)
    if unsent and not send(queue, unsent):
        return 0
    return len(unsent) + pump(queue, now=now)


def refill(queue: str, *, now: datetime) -> int:
    """Pump the queue if its window has run half empty; return how many chunks were queued."""
    waits, queued, held = backlog.backlog(queue, now)
    return pump(queue, now=now) if waits and not held and queued <= settings.QUEUE_WINDOW // 2 else 0


def publish(queue: str, chunk_ids: Sequence[int]) -> bool:
    """Send one message per chunk in one pipeline; return False when the broker is away.

    Sending twice is harmless: the second claim loses.
    """
    hard = settings.TRAINING_LIMIT_SECONDS + TRAINING_GRACE_SECONDS
    # The limit of the task is that of a chunk of analyses; a message may bring another.
    trainings = set(backlog.trainings_among(chunk_ids)) if queue == ML else frozenset[int]()
    try:
        with current_app.producer_pool.acquire(block=True, timeout=5) as producer, producer.batch():
            for chunk_id in chunk_ids:
                current_app.send_task(
                    RUN_CHUNK_TASK,
                    args=[chunk_id],
                    queue=queue,
                    producer=producer,
                    retry=False,
                    ignore_result=True,
                    time_limit=hard if chunk_id in trainings else None,
                )
    except BROKER_ERRORS as error:
        log.warning("publish_failed", queue=queue, chunks=len(chunk_ids), error=type(error).__name__)
        return False
    return True


def broker_length(queue: str) -> int | None:
    """Return how many messages wait in the broker's list of a queue, or None when the broker is away."""
    try:
        with _broker() as client:
            return int(client.llen(queue))
    except BROKER_ERRORS as error:
        log.warning("broker_away", queue=queue, error=type(error).__name__)
        return None


def _bring_forward(queue: str, count: int) -> None:
    """Take the last `count` messages to the end of the list that workers take from.

    Should another process publish in between, its messages go first instead: order is a courtesy.
    """
    try:
        with _broker() as client:
            for _ in range(count):
                client.lmove(queue, queue, "LEFT", "RIGHT")
    except BROKER_ERRORS as error:
        log.warning("broker_away", queue=queue, error=type(error).__name__)


@contextmanager
def _broker() -> "Iterator[redis.Redis]":
    """Give the client of the broker's Redis, below what Celery has words for."""
    with current_app.connection_for_read() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
        yield broker.default_channel.client
