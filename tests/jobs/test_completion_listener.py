"""Waiting for a job's end: woken at once, bounded, and by the database when the cache is away."""

import threading
import time

import pytest
from django.db import connection

from jobs import completion_listener, concurrency_slots
from jobs.services.run_chunk import run_chunk
from tests.jobs.conftest import only_chunk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]


def waiter(job_id, seconds: float, seen: list[tuple[bool, float]]) -> threading.Thread:
    def wait() -> None:
        began = time.monotonic()
        try:
            seen.append((completion_listener.wait_until_over(job_id, seconds=seconds), time.monotonic() - began))
        finally:
            connection.close()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_a_waiter_is_woken_by_the_end(broker, cache, submit_inline, clock) -> None:
    job = submit_inline()
    seen: list[tuple[bool, float]] = []
    threads = [waiter(job.pk, 20, seen) for _ in range(3)]
    time.sleep(0.2)
    assert not seen
    run_chunk(only_chunk(job).pk, clock=clock)
    for thread in threads:
        thread.join(5)
    assert [over for over, _ in seen] == [True] * 3


def test_a_job_that_is_over_is_not_waited_for(broker, cache, submit_inline, clock) -> None:
    job = submit_inline()
    run_chunk(only_chunk(job).pk, clock=clock)
    began = time.monotonic()
    assert completion_listener.wait_until_over(job.pk, seconds=20)
    assert time.monotonic() - began < 5


def test_waiting_ends_when_the_time_has_passed(broker, cache, submit_inline) -> None:
    began = time.monotonic()
    assert completion_listener.wait_until_over(submit_inline().pk, seconds=0.3)
    assert time.monotonic() - began >= 0.3


def test_without_a_free_place_nobody_waits(broker, cache, submit_inline, monkeypatch) -> None:
    monkeypatch.setattr(concurrency_slots, "waiting", concurrency_slots.Slots(1))
    job = submit_inline()
    seen: list[tuple[bool, float]] = []
    thread = waiter(job.pk, 1, seen)
    time.sleep(0.2)
    began = time.monotonic()
    assert not completion_listener.wait_until_over(job.pk, seconds=20)
    assert time.monotonic() - began < 1
    thread.join(5)


def test_an_end_is_noticed_without_the_cache(broker, submit_inline, clock, monkeypatch) -> None:
    away = completion_listener.redis.ConnectionPool.from_url("redis://127.0.0.1:1/0")
    monkeypatch.setattr(completion_listener, "_pool", away)
    job = submit_inline()
    seen: list[tuple[bool, float]] = []
    thread = waiter(job.pk, 20, seen)
    time.sleep(0.2)
    run_chunk(only_chunk(job).pk, clock=clock)
    thread.join(10)
    assert [over for over, _ in seen] == [True]
