"""Watching a job: what is told, when it ends, and a listener that outlives its database."""

import threading
import time
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

from jobs import completion_listener, concurrency_slots
from jobs.progress_stream import Watch
from jobs.services.run_chunk import run_chunk
from tests.jobs.conftest import only_chunk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]


def watch(job: Any, seconds: float = 20, heartbeat_seconds: float = 5) -> Watch:
    return Watch(job, seconds=seconds, heartbeat_seconds=heartbeat_seconds)


def test_the_present_first_then_the_end(broker, cache, submit_inline, clock) -> None:
    job = submit_inline()
    watched = watch(job)
    assert next(watched).state == "accepted"
    run_chunk(only_chunk(job).pk, clock=clock)
    began = time.monotonic()
    assert next(watched).state == "succeeded"
    assert time.monotonic() - began < 2
    assert list(watched) == []
    watched.close()


def test_a_job_that_is_over_takes_no_place(broker, cache, submit_inline, clock, monkeypatch) -> None:
    monkeypatch.setattr(concurrency_slots, "waiting", concurrency_slots.Slots(0))
    job = submit_inline()
    run_chunk(only_chunk(job).pk, clock=clock)
    job.refresh_from_db()
    watched = watch(job)
    assert [found.state for found in watched] == ["succeeded"]
    assert not watched.is_cut


def test_signs_of_life_and_an_end_in_time(broker, cache, submit_inline) -> None:
    began = time.monotonic()
    watched = watch(submit_inline(), seconds=0.7, heartbeat_seconds=0.2)
    told = list(watched)
    watched.close()
    assert told[0].state == "accepted"
    assert 3 <= len(told[1:]) <= 5
    assert set(told[1:]) == {None}
    assert 0.7 <= time.monotonic() - began < 2


def test_a_place_is_given_back_once_however_often_it_is_closed(broker, submit_inline, monkeypatch) -> None:
    monkeypatch.setattr(concurrency_slots, "waiting", concurrency_slots.Slots(1))
    job = submit_inline()
    first = watch(job)
    assert watch(job).is_cut
    for _ in range(3):
        first.close()
    second, third = watch(job), watch(job)
    assert (second.is_cut, third.is_cut) == (False, True)
    second.close()


def test_progress_is_noticed_without_the_cache(broker, submit_inline, clock, monkeypatch) -> None:
    monkeypatch.setattr(
        completion_listener, "_pool", completion_listener.redis.ConnectionPool.from_url("redis://127.0.0.1:1/0")
    )
    job = submit_inline()
    watched = watch(job)
    next(watched)
    run_chunk(only_chunk(job).pk, clock=clock)
    assert next(watched).state == "succeeded"
    watched.close()


def test_the_listener_outlives_its_database(broker, cache, submit_inline, clock, monkeypatch) -> None:
    refused: list[str] = []

    def refuse(**_: Any) -> None:
        name = threading.current_thread().name
        if name == "completion-listener" and len(refused) < 3:
            refused.append(name)
            raise OperationalError("the database is starting up")

    connection_created.connect(refuse)
    monkeypatch.setattr(completion_listener, "announce", lambda job_id: None)
    try:
        job = submit_inline()
        watched = watch(job)
        next(watched)
        time.sleep(3 * completion_listener.LOOK_SECONDS)
        run_chunk(only_chunk(job).pk, clock=clock)
        assert next(watched).state == "succeeded"
        assert refused
        watched.close()
    finally:
        connection_created.disconnect(refuse)
        connection.close()
