"""Every job is counted once where it is born and once where it ends, by who does it, and only once it is committed."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import AbstractUser
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY

from jobs import signals
from jobs.errors import IllegalTransition, NotCancellable
from jobs.models import Job
from jobs.requests import JobRequest
from jobs.services import run_chunk as service
from jobs.services.cancel import cancel
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.services.sweep import sweep
from jobs.states import State
from jobs.transitions import move_many
from scans.models import ScanRun
from tasks.maintenance import due
from tasks.scans import tick
from tests.api.conftest import Caller
from tests.bars import random_walk
from tests.jobs.conftest import Clock, full_window, only_chunk
from tests.scans.test_tick import make

pytestmark = pytest.mark.django_db(transaction=True)

JOBS = "/api/v1/jobs"
BODY = {"analyses": ["rsi"], "symbols": ["W0"]}


def counted() -> Counter[str]:
    """The counters' values, by the name or the state that tells them apart."""
    found: Counter[str] = Counter()
    for family in REGISTRY.collect():
        for sample in family.samples:
            if sample.name == "jobs_submitted_total":
                found["born"] = int(sample.value)
            elif sample.name == "jobs_finished_total":
                found[sample.labels["state"]] = int(sample.value)
            elif sample.labels.get("cache") == "results":
                found[{"cache_hits_total": "hits", "cache_requests_total": "asked"}[sample.name]] = int(sample.value)
    return found


@contextmanager
def counts(*, asked: int | None = None, **expected: int) -> Iterator[None]:
    """Check that exactly this is counted in the block; every new job is also asked for in the store of results."""
    before = counted()
    yield
    asked = expected.get("born", 0) if asked is None else asked
    assert counted() - before == Counter({**expected, "asked": asked} if asked else expected)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def api(owner: AbstractUser, broker: Any, walks: list[str]) -> Caller:
    return Caller(owner)


@pytest.fixture
def inline(broker: Any, owner: AbstractUser, clock: Clock) -> Callable[..., Job]:
    def made(**fields: Any) -> Job:
        request = JobRequest(**{"analyses": ["rsi"], "bars": random_walk(60), "reuse": False, **fields})
        return submit(owner=owner, request=request, now=clock())

    return made


def run(job: Job, clock: Callable[[], Any] = timezone.now) -> str:
    return run_chunk(only_chunk(job).pk, clock=clock).outcome


def only_job() -> Job:
    return Job.objects.get()


def test_a_job_is_born_by_a_request_and_ends_in_a_worker(api: Caller) -> None:
    with counts(born=1):
        assert api.post(JOBS, BODY).status_code == 202
    with counts(succeeded=1):
        assert run(only_job()) == "succeeded"
    with counts():
        assert run(only_job()) == "lost"
        sweep(now=timezone.now() + timedelta(hours=1))


def test_a_refused_request_and_an_estimate_count_nothing(api: Caller) -> None:
    with counts():
        assert api.post(JOBS, {**BODY, "analyses": ["rsj"]}).status_code == 422
        assert api.post(f"{JOBS}?dry_run=true", BODY).status_code == 200


def test_many_in_one_request_are_counted_each(api: Caller) -> None:
    with counts(born=2):
        answer = api.post(f"{JOBS}/bulk", {"jobs": [BODY, {**BODY, "analyses": ["rsj"]}, {**BODY, "last": 9}]})
    assert answer.json()["accepted"] == 2


def test_a_job_that_is_answered_from_the_store_is_born_and_over(api: Caller) -> None:
    api.post(JOBS, BODY)
    run(only_job())
    with counts(born=1, succeeded=1, hits=1):
        assert api.post(JOBS, BODY).json()["reused"]


def test_a_request_that_comes_again_counts_nothing(api: Caller) -> None:
    with counts(born=1):
        for _ in range(3):
            assert api.post(JOBS, BODY, Idempotency_Key="k").status_code == 202


def test_of_requests_with_one_key_at_once_one_is_counted(api: Caller) -> None:
    gate = threading.Barrier(5)

    def send() -> None:
        try:
            gate.wait(10)
            assert api.post(JOBS, BODY, Idempotency_Key="k").status_code == 202
        finally:
            connection.close()

    with counts(born=1):
        _at_once([send] * 5)
    assert Job.objects.count() == 1


def test_scans_count_no_matter_who_starts_them(api: Caller, owner: AbstractUser, admin_client: Client) -> None:
    scan = make(owner)
    with counts(born=1):
        tick()
    with counts(born=1):
        assert api.post(f"/api/v1/scans/{scan.name}/run").status_code == 202
    with counts(born=1):
        admin_client.post("/admin/scans/scan/", {"action": "run_now", "_selected_action": [scan.pk]})
    assert ScanRun.objects.filter(job_id__isnull=False).count() == 3


def test_cancel_retry_and_clone_by_the_owner(api: Caller) -> None:
    links = api.post(JOBS, BODY).json()["links"]
    with counts(cancelled=1):
        for _ in range(2):
            assert api.post(links["cancel"]).status_code == 200
    with counts(born=1):
        assert api.post(links["retry"]).status_code == 202
    with counts(born=1):
        assert api.post(f"{links['self']}/clone").status_code == 202


def test_cancel_and_retry_by_staff(api: Caller, admin_client: Client) -> None:
    api.post(JOBS, BODY)
    chosen = {"_selected_action": [str(only_job().pk)]}
    with counts(cancelled=1):
        admin_client.post("/admin/jobs/job/", {"action": "cancel_jobs", **chosen})
    with counts(born=1):
        admin_client.post("/admin/jobs/job/", {"action": "retry_jobs", **chosen})


def test_a_deadline_before_the_beginning_and_under_way(inline: Any, clock: Clock) -> None:
    with counts(born=1):
        inline(deadline_at=clock() + timedelta(microseconds=1))
    with counts(cancelled=1):
        due()
        due()
    running = inline(deadline_at=clock() + timedelta(microseconds=1))
    assert service._claim(only_chunk(running).pk, "w1", clock()) is not None
    with counts():
        due()
    with counts(cancelled=1):
        sweep(now=clock.forward(configured.LEASE_SECONDS + 1))
        sweep(now=clock())


def test_poison_is_counted_when_it_is_given_up(inline: Any, clock: Clock) -> None:
    job = inline()
    for attempt in range(configured.MAX_ATTEMPTS):
        assert service._claim(only_chunk(job).pk, "w1", clock()) is not None
        last = attempt == configured.MAX_ATTEMPTS - 1
        with counts(**({"failed": 1} if last else {})):
            sweep(now=clock.forward(configured.LEASE_SECONDS + 1))


def test_what_a_dead_worker_left_unsettled_is_counted_by_the_sweep(inline: Any, clock: Clock, monkeypatch: Any) -> None:
    job = inline()
    with monkeypatch.context() as patch, counts():
        patch.setattr(service, "settle", lambda *_, **__: None)
        patch.setattr(service, "end", lambda *_, **__: False)
        run(job, clock)
    with counts(succeeded=1):
        sweep(now=clock())


def test_some_and_none(api: Caller, inline: Any, monkeypatch: Any, clock: Clock) -> None:
    api.put("/api/v1/universes/some", {"symbols": ["W0", "NOPE"]})
    api.post(JOBS, {"analyses": ["rsi"], "universe": "some"})
    with counts(partial=1):
        run(only_job())
    job = inline()
    monkeypatch.setattr(service, "compute", lambda *_, **__: 1 / 0)
    with counts(failed=1):
        run(job, clock)


def test_of_two_who_end_a_job_one_counts(inline: Any, clock: Clock) -> None:
    job = inline()
    gate = threading.Barrier(2)

    def end() -> None:
        try:
            gate.wait(10)
            cancel(job=Job.objects.get(pk=job.pk), actor="test", now=clock())
        finally:
            connection.close()

    with counts(cancelled=1):
        _at_once([end] * 2)
    done = inline()
    run(done, clock)
    with counts(), pytest.raises(NotCancellable):
        cancel(job=Job.objects.get(pk=done.pk), actor="test", now=clock())


def test_what_is_rolled_back_counts_nothing(inline: Any) -> None:
    with counts():
        with transaction.atomic():
            inline()
            transaction.set_rollback(True)
        assert not Job.objects.exists()


def test_nothing_is_counted_before_the_commit(inline: Any, clock: Clock) -> None:
    with counts(born=1, cancelled=1), transaction.atomic(), counts():
        cancel(job=inline(), actor="test", now=clock())


def test_jobs_do_not_end_in_sets_where_nobody_would_hear_of_it(inline: Any, clock: Clock) -> None:
    with pytest.raises(IllegalTransition, match="in sets"):
        move_many([inline()], State.CANCELLED, actor="test", now=clock())


def test_a_receiver_that_fails_disturbs_neither_the_job_nor_the_counting(inline: Any, clock: Clock) -> None:
    def broken(**_: Any) -> None:
        raise ZeroDivisionError

    signals.jobs_born.connect(broken)
    try:
        with counts(born=1):
            assert inline().state == State.QUEUED
    finally:
        signals.jobs_born.disconnect(broken)


def test_every_job_that_ends_is_told_of_with_how(inline: Any, clock: Clock) -> None:
    told: list[signals.JobFacts] = []

    def hear(*, jobs: Any, **_: Any) -> None:
        told.extend(jobs)

    signals.jobs_ended.connect(hear)
    try:
        with full_window():
            job = cancel(job=inline(), actor="test", now=clock())
    finally:
        signals.jobs_ended.disconnect(hear)
    assert told == [signals.JobFacts(job.pk, job.owner_id, job.queue, "cancelled", False)]


def _at_once(calls: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
