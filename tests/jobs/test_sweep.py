import pytest
from django.conf import settings

from jobs import dispatch
from jobs.models import Chunk, Job
from jobs.services import run_chunk as service
from jobs.services.sweep import sweep
from jobs.states import State
from jobs.transitions import move
from tests.jobs.conftest import only_chunk
from tests.jobs.test_dispatch import messages

pytestmark = pytest.mark.django_db


def claim(chunk: Chunk, clock) -> None:
    assert service._claim(chunk.pk, "w1", clock()) is not None


def test_a_lost_workers_chunk_goes_back_and_is_published(broker, submit_inline, clock) -> None:
    chunk = only_chunk(submit_inline())
    claim(chunk, clock)
    assert sweep(now=clock.forward(settings.LEASE_SECONDS - 1)).leases_expired == 0
    report = sweep(now=clock.forward(2))
    assert (report.leases_expired, report.queued) == (1, 1)
    chunk = Chunk.objects.get(pk=chunk.pk)
    assert (chunk.state, chunk.attempt) == (State.QUEUED, 1)
    assert messages(chunk.queue) == [chunk.pk]


def test_a_lost_workers_chunk_goes_before_a_full_window(broker, submit_inline, clock, settings) -> None:
    lost = only_chunk(submit_inline(seed=9))
    claim(lost, clock)
    settings.QUEUE_WINDOW = 3
    for seed in range(5):
        submit_inline(seed=seed)
    assert dispatch.pump(lost.queue, now=clock()) == 3
    waiting = messages(lost.queue)
    assert sweep(now=clock.forward(settings.LEASE_SECONDS + 1)).queued == 1
    assert messages(lost.queue) == [lost.pk, *waiting]
    assert Chunk.objects.get(pk=lost.pk).published_at == clock()


def test_a_chunk_that_costs_a_worker_every_time_is_quarantined(broker, submit_inline, clock) -> None:
    job = submit_inline()
    for _ in range(settings.MAX_ATTEMPTS):
        claim(only_chunk(job), clock)
        sweep(now=clock.forward(settings.LEASE_SECONDS + 1))
    chunk = only_chunk(job)
    assert (chunk.state, chunk.error_code) == (State.FAILED, "worker_lost")
    assert Job.objects.get(pk=job.pk).state == State.FAILED


def test_a_message_that_was_never_sent_is_sent(broker, submit_inline, clock) -> None:
    chunk = only_chunk(submit_inline())
    move(chunk, State.QUEUED, actor="pump", now=clock(), queued_at=clock())
    assert sweep(now=clock.forward(6)).republished == 1
    assert messages(chunk.queue) == [chunk.pk]


def test_messages_that_the_broker_lost_are_sent_again(broker, submit_inline, clock) -> None:
    job = submit_inline()
    dispatch.pump(job.queue, now=clock())
    broker.flush()
    assert sweep(now=clock.forward(settings.REPUBLISH_AFTER_SECONDS - 1)).republished == 0
    assert sweep(now=clock.forward(2)).republished == 1
    assert messages(job.queue) == [only_chunk(job).pk]


def test_a_legitimate_backlog_is_not_sent_twice(broker, submit_inline, clock) -> None:
    jobs = [submit_inline(seed=n) for n in range(4)]
    dispatch.pump(jobs[0].queue, now=clock())
    assert sweep(now=clock.forward(settings.REPUBLISH_AFTER_SECONDS + 1)).republished == 0
    assert len(messages(jobs[0].queue)) == 4


def test_a_job_whose_last_finisher_died_before_settling_is_settled(broker, submit_inline, clock, monkeypatch) -> None:
    job = submit_inline()
    with monkeypatch.context() as patch:
        patch.setattr(service, "settle", lambda *_, **__: None)
        patch.setattr(service, "end", lambda *_, **__: False)
        service.run_chunk(only_chunk(job).pk, clock=clock)
    assert Job.objects.get(pk=job.pk).state == State.RUNNING
    assert sweep(now=clock()).settled == 1
    assert Job.objects.get(pk=job.pk).state == State.SUCCEEDED


def test_sweeping_a_healthy_system_changes_nothing(broker, submit_inline, clock) -> None:
    job = submit_inline()
    service.run_chunk(only_chunk(job).pk, clock=clock)
    report = sweep(now=clock())
    assert {getattr(report, name) for name in report.__slots__} == {0}
