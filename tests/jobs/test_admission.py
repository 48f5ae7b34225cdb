"""How much work is let in."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from jobs.errors import Overloaded, TooManyOpenJobs
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.services import admission
from jobs.services.cancel import cancel
from jobs.services.draft import draft
from jobs.services.submit import submit, submit_many, submit_once
from tests.bars import random_walk

pytestmark = pytest.mark.django_db(transaction=True)


def request_for() -> JobRequest:
    return JobRequest(analyses=["rsi"], bars=random_walk(50), reuse=False)


@pytest.fixture(autouse=True)
def _anew() -> None:
    admission.forget()


def test_an_owner_has_so_many_open_jobs_and_no_more(owner: AbstractUser, broker: object, settings: Any) -> None:
    settings.OPEN_JOBS_PER_OWNER = 2
    now = timezone.now()
    first = submit(owner=owner, request=request_for(), now=now)
    submit(owner=owner, request=request_for(), now=now)
    with pytest.raises(TooManyOpenJobs, match="2 jobs"):
        submit(owner=owner, request=request_for(), now=now)
    with pytest.raises(TooManyOpenJobs):
        submit_once(owner=owner, key="k", body_hash="b", read=request_for, now=now)
    assert Job.objects.count() == 2
    cancel(job=first, actor="test", now=now)
    submit(owner=owner, request=request_for(), now=now)


def test_a_bulk_request_is_let_in_as_a_whole(owner: AbstractUser, broker: object, settings: Any) -> None:
    settings.OPEN_JOBS_PER_OWNER = 2
    with pytest.raises(TooManyOpenJobs, match="these 3"):
        submit_many(owner=owner, requests=[request_for()] * 3, now=timezone.now())
    assert not Job.objects.exists()
    assert len(submit_many(owner=owner, requests=[request_for()] * 2, now=timezone.now())) == 2


def test_other_owners_are_not_counted(
    owner: AbstractUser, stranger: AbstractUser, broker: object, settings: Any
) -> None:
    settings.OPEN_JOBS_PER_OWNER = 1
    submit(owner=owner, request=request_for(), now=timezone.now())
    submit(owner=stranger, request=request_for(), now=timezone.now())
    assert Job.objects.count() == 2


def test_what_was_accepted_is_answered_again_however_full(owner: AbstractUser, broker: object, settings: Any) -> None:
    settings.OPEN_JOBS_PER_OWNER = 1
    now = timezone.now()
    job, _ = submit_once(owner=owner, key="k", body_hash="b", read=request_for, now=now)
    again, replayed = submit_once(owner=owner, key="k", body_hash="b", read=request_for, now=now)
    assert replayed
    assert again.pk == job.pk


def test_a_queue_that_nobody_works_on_takes_no_more(owner: AbstractUser, broker: object, settings: Any) -> None:
    settings.OVERLOADED_AFTER_SECONDS = 900
    now = timezone.now()
    submit(owner=owner, request=request_for(), now=now - timedelta(seconds=901))
    waiting = Chunk.objects.get()
    with pytest.raises(Overloaded, match=waiting.queue):
        submit(owner=owner, request=request_for(), now=now)
    # A scan's run is promised by its schedule.
    submit(owner=owner, request=request_for(), now=now, limited=False)
    Chunk.objects.update(queue="patterns")
    submit(owner=owner, request=request_for(), now=now)


def test_the_figures_are_not_read_for_every_job(
    owner: AbstractUser, broker: object, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.ADMISSION_SECONDS = 60
    made = draft(owner=owner, request=request_for(), now=timezone.now())
    admission.admit([made], now=timezone.now())
    with django_assert_num_queries(0):
        admission.admit([made], now=timezone.now())
