"""The numbers of jobs by state are those of the rows, whatever happens to jobs and whatever other releases write."""

from collections import Counter
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AbstractUser
from django.db.models import Sum

from jobs.models import EndedCount, Job, JobSymbol, JobTag
from jobs.queries.counts import add_up, counts_of_states
from jobs.queries.upgrades import recount
from jobs.requests import JobRequest
from jobs.selectors import jobs_of
from jobs.services.cancel import cancel
from jobs.services.purge import delete
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.services.sweep import sweep
from tests.bars import random_walk
from tests.jobs.conftest import Clock, only_chunk

pytestmark = pytest.mark.django_db


def truth(owner: AbstractUser) -> dict[str, int]:
    return dict(Counter(Job.objects.filter(owner=owner).values_list("state", flat=True)))


@pytest.fixture
def jobs(broker: Any, owner: AbstractUser, clock: Clock, submit_inline: Any) -> list[Job]:
    """Three that have succeeded, of which one was answered from what was stored, one cancelled and one waiting."""
    made = []
    for seed in (1, 2, 1):
        job = submit(owner=owner, request=JobRequest(analyses=["rsi"], bars=random_walk(60, seed=seed)), now=clock())
        if not job.reused:
            run_chunk(only_chunk(job).pk, clock=clock)
        made.append(job)
    made.append(submit_inline(seed=3))
    cancel(job=made[-1], actor="client", now=clock())
    made.append(submit_inline(seed=4))
    for job in made:
        job.refresh_from_db()
    return made


def test_jobs_are_counted_as_they_end_and_no_longer_when_they_are_deleted(
    jobs: list[Job], owner: AbstractUser, clock: Clock
) -> None:
    assert counts_of_states(owner) == truth(owner) == {"succeeded": 3, "cancelled": 1, "accepted": 1}
    assert jobs[2].reused
    for job in jobs[:4]:
        delete(job=job, now=clock())
        assert counts_of_states(owner) == truth(owner)


def test_everybody_sees_their_own_and_staff_everyones(
    jobs: list[Job], owner: AbstractUser, django_user_model: Any
) -> None:
    other = django_user_model.objects.create(username="other")
    staff = django_user_model.objects.create(username="boss", is_staff=True)
    assert counts_of_states(other) == {}
    assert counts_of_states(staff) == counts_of_states(None) == truth(owner)


def test_what_has_piled_up_becomes_one_row_a_state(jobs: list[Job], owner: AbstractUser, clock: Clock) -> None:
    delete(job=jobs[3], now=clock())
    assert EndedCount.objects.count() == 5
    sweep(now=clock())
    assert [(row.state, row.more) for row in EndedCount.objects.all()] == [("succeeded", 3)]
    assert add_up(100) == 0
    assert counts_of_states(owner) == truth(owner)


def test_a_part_of_what_has_piled_up_may_be_added_up_alone(owner: AbstractUser) -> None:
    EndedCount.objects.bulk_create([EndedCount(owner=owner, state="failed", more=1) for _ in range(7)])
    assert add_up(3) == 2
    assert EndedCount.objects.aggregate(n=Sum("more")) == {"n": 7}


def test_jobs_that_were_ended_or_deleted_uncounted_are_put_right(
    jobs: list[Job], owner: AbstractUser, clock: Clock
) -> None:
    EndedCount.objects.all().delete()
    EndedCount.objects.create(owner=owner, state="failed", more=2)
    assert recount() == 3
    assert counts_of_states(owner) == truth(owner)
    assert recount() == 0


def test_the_migration_counts_what_is_there(jobs: list[Job], owner: AbstractUser) -> None:
    EndedCount.objects.all().delete()
    import_module("jobs.migrations.0011_ended_counts_and_owners").count(apps, None)
    assert counts_of_states(owner) == truth(owner)


@pytest.mark.parametrize("who", ["migration", "sweep"])
def test_a_job_of_the_release_before_is_found_by_tag_and_symbol(
    broker: Any, owner: AbstractUser, walks: list[str], clock: Clock, who: str
) -> None:
    request = JobRequest(analyses=["rsi"], symbols=walks[:2], tags=["nightly"])
    job = submit(owner=owner, request=request, now=clock())
    filters: list[dict[str, str]] = [{"tag": "nightly"}, {"symbol": walks[1]}]
    assert [list(jobs_of(owner, **one)) for one in filters] == [[job], [job]]
    for model in (JobTag, JobSymbol):
        model.objects.update(owner=None)
    assert not any(jobs_of(owner, **one) for one in filters)
    if who == "sweep":
        sweep(now=clock())
    else:
        import_module("jobs.migrations.0011_ended_counts_and_owners").name_owners(apps, None)
    assert [list(jobs_of(owner, **one)) for one in filters] == [[job], [job]]
