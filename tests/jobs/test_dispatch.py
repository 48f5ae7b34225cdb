import base64
import json
from datetime import timedelta

import pytest
import redis
from django.conf import settings

from jobs import dispatch
from jobs.models import Chunk, Job, Transition
from jobs.requests import JobRequest
from jobs.services.submit import submit
from jobs.states import State
from tests.bars import random_walk
from tests.jobs.conftest import full_window

pytestmark = pytest.mark.django_db


def messages(queue: str) -> list[int]:
    """The chunk ids in the broker's list, in the order a worker would take them."""
    with redis.Redis.from_url(settings.BROKER_URL) as client:
        raw = client.lrange(queue, 0, -1)[::-1]
    return [json.loads(base64.b64decode(json.loads(message)["body"]))[0][0] for message in raw]


def test_the_pump_queues_and_publishes_one_id_a_message(broker, submit_inline, clock) -> None:
    job = submit_inline()
    assert dispatch.pump(job.queue, now=clock()) == 1
    chunk = Chunk.objects.get(job=job)
    assert (chunk.state, chunk.published_at) == (State.QUEUED, clock())
    assert messages(job.queue) == [chunk.pk]
    assert Job.objects.get(pk=job.pk).state == State.QUEUED
    assert dispatch.pump(job.queue, now=clock()) == 0


def test_the_window_bounds_what_the_broker_holds(broker, submit_inline, clock, settings) -> None:
    settings.QUEUE_WINDOW = 3
    jobs = [submit_inline(seed=n) for n in range(5)]
    assert dispatch.pump(jobs[0].queue, now=clock()) == 3
    assert dispatch.pump(jobs[0].queue, now=clock()) == 0
    assert Chunk.objects.filter(state=State.ACCEPTED).count() == 2
    assert len(messages(jobs[0].queue)) == 3


def test_owners_take_turns(broker, owner, stranger, clock, settings) -> None:
    settings.QUEUE_WINDOW = 4
    with full_window():
        for n in range(6):
            submit(owner=owner, request=JobRequest(["rsi"], bars=random_walk(60, seed=n)), now=clock())
        late = [
            submit(owner=stranger, request=JobRequest(["rsi"], bars=random_walk(60, seed=n)), now=clock())
            for n in (7, 8)
        ]
    dispatch.pump(late[0].queue, now=clock())
    assert [Job.objects.get(pk=job.pk).state for job in late] == [State.QUEUED, State.QUEUED]


def test_a_chunk_that_waits_out_a_pause_is_not_queued(broker, submit_inline, clock) -> None:
    job = submit_inline()
    Chunk.objects.update(not_before=clock() + timedelta(seconds=4))
    assert dispatch.pump(job.queue, now=clock()) == 0
    assert dispatch.pump(job.queue, now=clock.forward(5)) == 1


def test_every_queued_row_has_its_transition(broker, submit_inline, clock) -> None:
    for n in range(3):
        job = submit_inline(seed=n)
    dispatch.pump(job.queue, now=clock())
    assert Transition.objects.filter(to_state="queued", chunk__isnull=False).count() == 3
    assert Transition.objects.filter(to_state="queued", chunk__isnull=True).count() == 3


def test_a_broker_that_is_away_has_no_length(unreachable_broker) -> None:
    assert dispatch.broker_length("interactive") is None


def test_the_brokers_length_is_read(broker, submit_inline, clock) -> None:
    job = submit_inline()
    dispatch.pump(job.queue, now=clock())
    assert dispatch.broker_length(job.queue) == 1
