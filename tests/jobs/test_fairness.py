"""Owners take turns: a long backlog of one does not keep another's small job waiting."""

from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from jobs import dispatch
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.services.submit import submit
from jobs.states import State
from tests.bars import random_walk
from tests.jobs.test_backlog import giant
from tests.jobs.test_dispatch import messages

WINDOW, BACKLOG = 50, 10_000


@pytest.mark.django_db(transaction=True)
def test_ten_thousand_chunks_of_one_owner_delay_another_by_no_more_than_a_window(
    owner: AbstractUser, stranger: AbstractUser, broker: Any, settings: Any
) -> None:
    settings.QUEUE_WINDOW = WINDOW
    now = timezone.now()
    small = submit(owner=stranger, request=JobRequest(analyses=["rsi"], bars=random_walk(60)), now=now)
    queue = small.queue
    Chunk.objects.filter(job=small).delete()
    Job.objects.filter(pk=small.pk).delete()
    broker.flush()
    giant(owner, BACKLOG, queue)
    assert dispatch.pump(queue, now=now) == WINDOW

    small = submit(owner=stranger, request=JobRequest(analyses=["rsi"], bars=random_walk(60)), now=now)
    (mine,) = Chunk.objects.filter(job=small).values_list("pk", flat=True)
    assert len(messages(queue)) == WINDOW, "the window is full: nothing jumps over what is in the broker"

    # The workers take what is in the window, and each time the pump refills it.
    done = 0
    while mine not in messages(queue):
        for pk in messages(queue)[: WINDOW // 2 + 1]:
            Chunk.objects.filter(pk=pk).update(state=State.RUNNING, lease_expires_at=now)
            done += 1
        remaining = list(Chunk.objects.filter(queue=queue, state=State.QUEUED).values_list("pk", flat=True))
        broker.flush()
        dispatch.publish(queue, remaining)
        assert dispatch.refill(queue, now=now) > 0
        assert done <= WINDOW
    place = messages(queue).index(mine)
    assert done + place <= WINDOW + 1
