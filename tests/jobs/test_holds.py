"""A paused queue: jobs are accepted and wait, nothing of it begins, and nothing of it is lost."""

from datetime import timedelta
from io import StringIO

import pytest
import redis
from django.conf import settings as project
from django.core.management import CommandError, call_command

from jobs import dispatch, holds, selectors, waiting
from jobs.errors import QueueUnknown, ReadOnly
from jobs.models import Chunk, Hold, Job
from jobs.requests import JobRequest
from jobs.services import run_chunk as service
from jobs.services.cancel import cancel
from jobs.services.estimate import estimate
from jobs.services.hold import begin_read_only, end_read_only, pause, resume
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.services.sweep import sweep
from jobs.states import State
from tests.bars import random_walk
from tests.jobs.conftest import only_chunk

pytestmark = pytest.mark.django_db


def sent(queue: str) -> int:
    with redis.Redis.from_url(project.BROKER_URL) as client:
        return int(client.llen(queue))


@pytest.fixture
def submitted(broker, owner, clock, django_capture_on_commit_callbacks):
    """Submit a job as a client does, with what follows the commit."""

    def make(seed: int = 1, **fields) -> Job:
        request = JobRequest(["rsi"], bars=random_walk(80, seed=seed), **fields)
        with django_capture_on_commit_callbacks(execute=True):
            return submit(owner=owner, request=request, now=clock())

    return make


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_of_a_paused_queue_nothing_is_sent_and_nothing_begins(submitted, clock, after_commit) -> None:
    before = submitted(seed=1)
    queue = before.queue
    with after_commit():
        assert pause(queue, by="staff:one", reason="the disk", now=clock())
    after = submitted(seed=2)
    assert (after.state, sent(queue)) == (State.ACCEPTED, 1)
    for job in (before, after):
        assert run_chunk(only_chunk(job).pk, worker="w1", clock=clock).outcome == "lost"
    assert [only_chunk(job).state for job in (before, after)] == [State.QUEUED, State.ACCEPTED]
    assert (dispatch.pump(queue, now=clock()), dispatch.refill(queue, now=clock())) == (0, 0)
    assert selectors.describe(after)["waiting"] == waiting.QUEUE_PAUSED
    assert selectors.queue_figures(now=clock())[queue].held is not None


def test_all_of_it_runs_once_the_queue_goes_on(submitted, clock, after_commit) -> None:
    before = submitted(seed=1)
    queue = before.queue
    with after_commit():
        pause(queue, by="staff:one", now=clock())
    after = submitted(seed=2)
    run_chunk(only_chunk(before).pk, worker="w1", clock=clock)  # the message that was there is used up
    with redis.Redis.from_url(project.BROKER_URL) as client:
        client.delete(queue)
    clock.forward(7_200)
    with after_commit():
        assert resume(queue, by="staff:one", now=clock())
    assert sent(queue) == 2
    assert {only_chunk(job).state for job in (before, after)} == {State.QUEUED}
    assert {only_chunk(job).queued_at for job in (before, after)} == {clock()}
    for job in (before, after):
        assert run_chunk(only_chunk(job).pk, worker="w1", clock=clock).outcome == "succeeded"


def test_a_broker_that_lost_everything_meanwhile_is_sent_it_again(submitted, clock, after_commit, broker) -> None:
    job = submitted()
    with after_commit():
        pause(job.queue, by="staff:one", now=clock())
    broker.flush()
    clock.forward(600)
    sweep(now=clock())
    assert sent(job.queue) == 0, "nothing is sent for nobody to take"
    with after_commit():
        resume(job.queue, by="staff:one", now=clock())
    clock.forward(61)
    assert sent(job.queue) == 0, "as far as the row knows, its message is there"
    sweep(now=clock())
    assert sent(job.queue) == 1


def test_a_broker_that_is_away_when_the_queue_goes_on(submitted, clock, after_commit, unreachable_broker) -> None:
    job = submitted()
    with after_commit():
        pause(job.queue, by="staff:one", now=clock())
    run_chunk(only_chunk(job).pk, worker="w1", clock=clock)
    with after_commit():
        assert resume(job.queue, by="staff:one", now=clock())
    assert (only_chunk(job).state, only_chunk(job).published_at) == (State.QUEUED, None)


def test_a_lost_workers_chunk_waits_in_its_paused_queue(submitted, clock, after_commit) -> None:
    job = submitted()
    service._claim(only_chunk(job).pk, "w1", clock())
    with after_commit():
        pause(job.queue, by="staff:one", now=clock())
    with redis.Redis.from_url(project.BROKER_URL) as client:
        client.delete(job.queue)
    clock.forward(61)
    assert sweep(now=clock()).leases_expired == 1
    assert (only_chunk(job).state, sent(job.queue)) == (State.ACCEPTED, 0)
    job.refresh_from_db()
    assert selectors.describe(job)["waiting"] == waiting.QUEUE_PAUSED, "it runs, and does not go on"
    with after_commit():
        resume(job.queue, by="staff:one", now=clock())
    assert run_chunk(only_chunk(job).pk, worker="w2", clock=clock).outcome == "succeeded"


def test_other_queues_go_on(submitted, clock, after_commit) -> None:
    with after_commit():
        pause("patterns", by="staff:one", now=clock())
    job = submitted()
    assert (job.queue, job.state) == ("interactive", State.QUEUED)
    assert run_chunk(only_chunk(job).pk, worker="w1", clock=clock).outcome == "succeeded"


def test_a_job_of_a_paused_queue_can_be_cancelled(submitted, clock, after_commit) -> None:
    with after_commit():
        pause("interactive", by="staff:one", now=clock())
    assert cancel(job=submitted(), actor="user:1", now=clock()).state == State.CANCELLED


def test_what_waits_for_staff_is_no_lag_and_no_overload(submitted, owner, clock, after_commit, settings) -> None:
    job = submitted()
    with after_commit():
        pause(job.queue, by="staff:one", now=clock())
    run_chunk(only_chunk(job).pk, worker="w1", clock=clock)
    clock.forward(settings.OVERLOADED_AFTER_SECONDS + 60)
    assert selectors.outbox_lag_seconds(now=clock()) == 0
    assert submitted(seed=3).state == State.ACCEPTED
    with after_commit():
        resume(job.queue, by="staff:one", now=clock())
    assert submitted(seed=4).state == State.QUEUED, "the hours of the pause are not held against the workers"


def test_how_long_it_will_wait_nobody_knows(owner, broker, clock) -> None:
    request = JobRequest(["rsi"], bars=random_walk(80))
    assert estimate(owner=owner, request=request, now=clock()).wait_seconds == 0
    pause("interactive", by="staff:one", now=clock())
    assert estimate(owner=owner, request=request, now=clock()).wait_seconds is None


@pytest.mark.parametrize("name", ["nonsense", "maintenance", "read_only", "", "interactive "])
def test_a_queue_that_cannot_be_paused(name, clock) -> None:
    with pytest.raises(QueueUnknown, match="interactive, indicators, patterns, ml"):
        pause(name, by="staff:one", now=clock())
    with pytest.raises(QueueUnknown):
        resume(name, by="staff:one", now=clock())
    assert not Hold.objects.exists()


def test_pausing_twice_keeps_the_first(clock, broker) -> None:
    assert pause("ml", by="staff:one", reason="first", now=clock())
    assert not pause("ml", by="staff:two", reason="second", now=clock())
    assert Hold.objects.get().by == "staff:one"
    assert resume("ml", by="staff:two", now=clock())
    assert not resume("ml", by="staff:two", now=clock())


def test_why_a_job_waits(submitted, clock, settings) -> None:
    later = submitted(seed=1, start_after=clock() + timedelta(hours=1))
    assert selectors.describe(later)["waiting"] == waiting.START_AFTER
    job = submitted(seed=2)
    assert selectors.describe(job)["waiting"] == waiting.WORKER
    follower = submitted(seed=2)
    assert selectors.describe(follower)["waiting"] == waiting.SAME_JOB
    run_chunk(only_chunk(job).pk, worker="w1", clock=clock)
    assert selectors.describe(Job.objects.get(pk=job.pk))["waiting"] is None


def test_while_the_system_only_reads_no_chunk_begins(submitted, clock, after_commit) -> None:
    job = submitted()
    with after_commit():
        assert begin_read_only(by="staff:one", reason="a move", now=clock())
    assert run_chunk(only_chunk(job).pk, worker="w1", clock=clock).outcome == "lost"
    assert selectors.describe(job)["waiting"] == "read_only"
    with after_commit():
        assert end_read_only(by="staff:one", now=clock())
    assert run_chunk(only_chunk(job).pk, worker="w1", clock=clock).outcome == "succeeded"


def test_a_pause_outlives_the_end_of_reading_only(submitted, clock, after_commit) -> None:
    with after_commit():
        pause("interactive", by="staff:one", now=clock())
        begin_read_only(by="staff:one", now=clock())
    job = submitted()
    with after_commit():
        end_read_only(by="staff:one", now=clock())
    assert (only_chunk(job).state, sent("interactive")) == (State.ACCEPTED, 0)


def told(*arguments: str, command: str = "queues") -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_the_command_shows_pauses_and_resumes(submitted, after_commit) -> None:
    assert "ml: 0 chunks\n" in told()
    assert "ml: 0 chunks; paused since" in told("pause", "ml", "--reason", "new models")
    assert "(new models)" in told()
    assert "ml was paused already." in told("pause", "ml")
    assert "ml: 0 chunks\n" in told("resume", "ml")
    assert "ml was not paused." in told("resume", "ml")


@pytest.mark.parametrize("arguments", [("pause",), ("show", "ml"), ("pause", "nonsense"), ("resume", "maintenance")])
def test_the_command_refuses_what_it_does_not_know(arguments) -> None:
    with pytest.raises(CommandError):
        told(*arguments)
    assert not Chunk.objects.exists()


def test_the_command_lets_the_system_only_read_and_write_again(submitted, after_commit) -> None:
    assert told(command="read_only") == "reads and writes\n"
    assert "(a move)" in told("on", "--reason", "a move", command="read_only")
    assert "(a move)" in told("on", "--reason", "another", command="read_only"), "the first stays"
    with pytest.raises(ReadOnly, match="a move"):
        holds.demand_writing()
    assert told("off", command="read_only") == told("off", command="read_only") == "reads and writes\n"
    holds.demand_writing()
