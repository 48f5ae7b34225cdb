"""A legitimate backlog: the broker holds a window of it, and nothing of it is ever taken for lost.

BACKLOG_CHUNKS says how long it is.
"""

import os
import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from jobs import dispatch
from jobs.models import Chunk, Job
from jobs.queues import INDICATORS
from jobs.services.sweep import sweep
from jobs.states import State
from jobs.transitions import NewJob, insert_jobs
from tests.jobs.test_dispatch import messages

LENGTH = int(os.environ.get("BACKLOG_CHUNKS", "5000"))


def giant(owner: AbstractUser, length: int, queue: str) -> Job:
    """Store a job of `length` chunks, as a large universe would make it."""
    now = timezone.now()
    job = Job(
        owner=owner,
        queue=queue,
        request={"analyses": ["rsi"], "output": "last"},
        plan=["rsi"],
        timeframe="1d",
        engine="1.1.0",
        symbol_count=length,
        chunk_count=length,
        created_at=now,
    )
    stamps: dict[str, Any] = {"job": job, "owner": owner, "queue": queue, "item_count": 1, "created_at": now}
    chunks = [Chunk(position=n, items=[[f"S{n}", n, "f", "raw"]], **stamps) for n in range(length)]
    insert_jobs([NewJob(job, chunks)], actor="test", now=now)
    return job


@pytest.mark.django_db(transaction=True)
def test_a_long_backlog_is_sent_once_and_a_window_at_a_time(owner: AbstractUser, broker: Any) -> None:
    giant(owner, LENGTH, INDICATORS)
    now, republished, pumps = timezone.now(), 0, []
    for hour in range(5):
        began = time.perf_counter()
        dispatch.pump(INDICATORS, now=now)
        pumps.append(time.perf_counter() - began)
        assert dispatch.broker_length(INDICATORS) == configured.QUEUE_WINDOW
        # Long after any message would be old, with all of them still there.
        now += timedelta(hours=1)
        report = sweep(now=now)
        republished += report.republished
        assert dispatch.broker_length(INDICATORS) == configured.QUEUE_WINDOW, hour
    assert republished == 0
    assert len(set(messages(INDICATORS))) == configured.QUEUE_WINDOW
    left = Chunk.objects.filter(state=State.ACCEPTED).count()
    print(
        f"{LENGTH:,} chunks: {left:,} in the database, {configured.QUEUE_WINDOW:,} in the broker, none sent twice; ",
        end="",
    )
    print(f"the first pump took {pumps[0] * 1000:.0f} ms")
    assert left == LENGTH - configured.QUEUE_WINDOW
