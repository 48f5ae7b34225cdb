"""While others end, delete, add up and recount, the numbers of ended jobs stay those of the rows."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import connection, transaction
from django.db.models import Sum

from jobs.models import EndedCount, Job
from jobs.queries.counts import add_up, counts_of_states
from jobs.queries.upgrades import recount
from jobs.services.cancel import cancel
from jobs.services.purge import delete
from jobs.services.sweep import sweep
from tests.jobs.conftest import Clock
from tests.jobs.test_counts import truth

pytestmark = pytest.mark.django_db(transaction=True)


class Beside:
    """A thread with a connection of its own; what it raised is raised again when it is waited for."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call, self._fault = call, None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._call()
        except BaseException as fault:
            self._fault = fault
        finally:
            connection.close()

    def is_waiting(self, seconds: float) -> bool:
        self._thread.join(seconds)
        return self._thread.is_alive()

    def wait(self) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()
        if self._fault is not None:
            raise self._fault


def pile(owner: AbstractUser, count: int) -> None:
    EndedCount.objects.bulk_create([EndedCount(owner=owner, state="failed", more=1) for _ in range(count)])


def test_outside_any_transaction_what_has_piled_up_is_added_up(broker: Any, owner: AbstractUser, clock: Clock) -> None:
    pile(owner, 7)
    sweep(now=clock())
    assert [row.more for row in EndedCount.objects.all()] == [7]


def test_two_who_add_up_count_nothing_twice(owner: AbstractUser) -> None:
    pile(owner, 30)
    with transaction.atomic():
        assert add_up(10) == 9
        other = Beside(lambda: add_up(100))
        other.is_waiting(0.3)
    other.wait()
    assert EndedCount.objects.aggregate(n=Sum("more")) == {"n": 30}


def test_two_who_recount_correct_once(broker: Any, owner: AbstractUser, submit_inline: Any, clock: Clock) -> None:
    cancel(job=submit_inline(), actor="client", now=clock())
    EndedCount.objects.all().delete()
    with transaction.atomic():
        assert recount() == 1
        other = Beside(recount)
        assert other.is_waiting(1)
    other.wait()
    assert counts_of_states(owner) == truth(owner) == {"cancelled": 1}


def test_a_recount_keeps_nobody_from_ending_a_job(
    broker: Any, owner: AbstractUser, submit_inline: Any, clock: Clock
) -> None:
    if not connection.features.has_select_for_update:
        pytest.skip("not of this database: SQLite has one writer at a time")
    jobs = [submit_inline(seed=seed) for seed in range(2)]
    cancel(job=jobs[0], actor="client", now=clock())
    EndedCount.objects.all().delete()
    with transaction.atomic():
        recount()
        Beside(lambda: cancel(job=jobs[1], actor="client", now=clock())).wait()
    assert counts_of_states(owner) == truth(owner) == {"cancelled": 2}


def test_everything_at_once(broker: Any, owner: AbstractUser, submit_inline: Any, clock: Clock) -> None:
    jobs = [submit_inline(seed=seed) for seed in range(24)]
    over = threading.Event()

    def end(some: list[Job]) -> None:
        for nth, job in enumerate(some):
            cancel(job=job, actor="client", now=clock())
            if nth % 3 == 0:
                delete(job=Job.objects.get(pk=job.pk), now=clock())

    def repeat(call: Callable[[], Any]) -> None:
        while not over.is_set():
            call()
            over.wait(0.005)

    ends = [Beside(lambda nth=nth: end(jobs[nth::3])) for nth in range(3)]
    others = [Beside(lambda call=call: repeat(call)) for call in (lambda: add_up(5), lambda: add_up(100), recount)]
    for one in ends:
        one.wait()
    over.set()
    for one in others:
        one.wait()
    assert counts_of_states(owner) == truth(owner)
    assert recount() == 0


def test_more_owners_than_are_added_up_at_once_pile_up_nothing(
    broker: Any, django_user_model: Any, clock: Clock
) -> None:
    owners = [django_user_model.objects.create(username=f"o{n}") for n in range(6)]
    for one in owners:
        pile(one, 1)
    for one in owners:
        pile(one, 2)
    while add_up(6):
        pass
    assert sorted(row.more for row in EndedCount.objects.all()) == [3] * 6
