"""What Flower is told: one life for each attempt whose claim was won, and nothing for any other message."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import current_app
from celery.events import EventReceiver
from celery.events.state import State as Seen
from django.conf import settings
from django.db import OperationalError

from jobs.services import run_chunk as service
from jobs.services.run_chunk import run_chunk
from jobs.services.sweep import sweep
from tasks.worker import task_events
from tests.jobs.conftest import clock, only_chunk, submit_inline, unreachable_broker

__all__ = ["clock", "submit_inline", "unreachable_broker"]

pytestmark = pytest.mark.django_db

Events = list[dict[str, Any]]


@pytest.fixture
def told(broker) -> Iterator[Callable[[], Events]]:
    """Give what was told since the beginning, as who listens to the broker hears it."""
    heard: Events = []
    with current_app.connection_for_read() as connection:
        ears = EventReceiver(connection, app=current_app, handlers={"*": heard.append})
        with ears.consumer_context() as (own, _, _):

            def listen() -> Events:
                task_events.sender.flush()
                with contextlib.suppress(TimeoutError):
                    while True:
                        own.drain_events(timeout=0.5)
                return [event for event in heard if event["type"].startswith("task-")]

            listen()  # the first look is what subscribes
            heard.clear()
            yield listen


def kinds(events: Events) -> list[tuple[str, str]]:
    return [(event["uuid"], event["type"].removeprefix("task-")) for event in events]


def test_an_attempt_has_one_life_that_says_whose_it_is(told, submit_inline, clock) -> None:
    job = submit_inline()
    chunk = only_chunk(job)
    run_chunk(chunk.pk, worker="w1@here", clock=clock)
    events = told()
    name = f"chunk-{chunk.pk}-attempt-1"
    assert kinds(events) == [(name, "received"), (name, "started"), (name, "succeeded")]
    assert events[0]["args"] == repr((str(job.pk), 0, chunk.items[0][0]))
    assert events[0]["name"] == "tasks.analysis.run_chunk"
    assert {event["hostname"] for event in events} == {"w1@here"}
    assert events[-1]["result"] == "1 of 1 symbols"


def test_a_late_duplicate_of_a_failed_chunk_changes_nothing(told, submit_inline, clock, monkeypatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(service, "compute", broken)
    chunk = only_chunk(submit_inline())
    run_chunk(chunk.pk, clock=clock)
    assert run_chunk(chunk.pk, clock=clock).outcome == "lost"
    seen = Seen()
    for event in told():
        seen.event(event)
    (task,) = seen.tasks.values()
    assert (task.state, task.exception) == ("FAILURE", "internal_error")


def test_each_attempt_is_told_by_itself(told, submit_inline, clock, monkeypatch) -> None:
    honest = service.compute

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("the database went away")

    chunk = only_chunk(submit_inline())
    monkeypatch.setattr(service, "compute", away)
    run_chunk(chunk.pk, clock=clock)
    monkeypatch.setattr(service, "compute", honest)
    clock.forward(3)
    run_chunk(chunk.pk, clock=clock)
    first, second = (f"chunk-{chunk.pk}-attempt-{attempt}" for attempt in (1, 2))
    events = told()
    assert kinds(events)[2::3] == [(first, "retried"), (second, "succeeded")]
    assert events[2]["exception"] == "transient_failures"


def test_a_lost_workers_attempt_ends_with_its_code_when_the_sweep_takes_it_back(told, submit_inline, clock) -> None:
    chunk = only_chunk(submit_inline())
    claimed = service._claim(chunk.pk, "w1@here", clock())
    sweep(now=clock.forward(settings.LEASE_SECONDS + 1))
    (end,) = told()
    assert (end["uuid"], end["type"], end["exception"]) == (
        f"chunk-{claimed.pk}-attempt-1",
        "task-failed",
        "worker_lost",
    )
    assert end["hostname"] == "w1@here"


def test_events_leave_in_batches_and_never_by_the_task(told, submit_inline, clock, monkeypatch) -> None:
    sent = []
    monkeypatch.setattr(task_events.sender, "_publish", lambda events: sent.append(len(events)))
    for seed in range(5):
        run_chunk(only_chunk(submit_inline(seed=seed)).pk, clock=clock)
    end = time.monotonic() + 10
    while sum(sent) < 15 and time.monotonic() < end:
        time.sleep(0.05)
    assert sum(sent) == 15
    assert len(sent) < 15


def test_without_a_broker_events_are_forgotten_and_the_chunk_runs(unreachable_broker, submit_inline, clock) -> None:
    assert run_chunk(only_chunk(submit_inline()).pk, clock=clock).outcome == "succeeded"
    task_events.sender.flush()
    assert not task_events.sender._waiting


def test_of_beats_own_tasks_only_those_that_fail_are_told(told) -> None:
    current_app.loader.import_default_modules()
    own = [task for name, task in current_app.tasks.items() if name.startswith("tasks.")]
    assert own
    assert not any(task.send_events for task in own)
    task = current_app.tasks["tasks.maintenance.sweep"]
    task.on_failure(ValueError("a fault"), "some-id", (), {}, "Traceback")
    events = told()
    assert [event["type"] for event in events] == ["task-received", "task-started", "task-failed"]
    assert "a fault" in events[-1]["exception"]


def test_a_name_with_script_in_it_is_told_as_it_is_and_a_long_list_is_cut(told) -> None:
    symbols = ["<script>", *map(str, range(40))]
    attempt = task_events.AttemptFacts(1, 1, "job", 0, "patterns", "w", symbols)  # type: ignore[arg-type]
    assert task_events.arguments_of(attempt) == "('job', 0, '<script>, 0, 1, 2, 3, and 36 more')"
