"""Whatever happens in whatever order, the rows keep their promises: a state machine over the real tables and broker."""

import os
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
import pytest
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from hypothesis import HealthCheck, Phase
from hypothesis import settings as searching
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from jobs import dispatch
from jobs.compute import compute
from jobs.errors import NotCancellable
from jobs.models import Chunk, EndedCount, Job, Transition
from jobs.queries.counts import counts_of_states
from jobs.requests import JobRequest
from jobs.services import run_chunk as service
from jobs.services.admission import forget
from jobs.services.cancel import cancel
from jobs.services.settle import settle
from jobs.services.submit import submit
from jobs.services.sweep import sweep
from jobs.states import CHUNK_ALLOWED, JOB_ALLOWED, TERMINAL, State
from tests.jobs.conftest import Clock

PICK = st.integers(0, 10_000)
EVENTS = (
    "a_client_submits",
    "a_client_cancels",
    "a_message_arrives",
    "a_worker_claims",
    "a_worker_finishes_however_late",
    "a_worker_is_paused_past_its_lease_and_another_takes_its_chunk",
    "time_passes",
    "the_sweep_runs",
    "the_pump_runs",
)
HISTORIES = int(os.environ.get("JOB_HISTORIES", "20"))


class Histories(RuleBasedStateMachine):
    """Clients submit and cancel, workers claim, finish, die and come back late, sweeps run, messages come twice."""

    owner: AbstractUser
    symbols: list[str]

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.clock.now = timezone.now()
        self.held: list[Chunk] = []
        self.ended: dict[Any, tuple[Any, ...]] = {}

    def teardown(self) -> None:
        Job.objects.all().delete()
        EndedCount.objects.all().delete()
        forget()

    def _chunk(self, pick: int) -> Chunk:
        ids = list(Chunk.objects.order_by("pk").values_list("pk", flat=True))
        return Chunk.objects.get(pk=ids[pick % len(ids)])

    @initialize(count=st.integers(1, 4))
    def a_client_begins(self, count: int) -> None:
        self.a_client_submits(count - 1, False)

    # One rule for all that can happen: of several, hypothesis leaves some out of each history, and most would be dull.
    @rule(what=st.sampled_from(EVENTS), pick=PICK, either=st.booleans())
    def something_happens(self, what: str, pick: int, either: bool) -> None:
        getattr(self, what)(pick, either)

    def a_client_submits(self, pick: int, either: bool) -> None:
        now = self.clock()
        request = JobRequest(
            analyses=["sma(3)"],
            symbols=self.symbols[: pick % 4 + 1],
            reuse=False,
            deadline_at=now + timedelta(seconds=200) if either else None,
            start_after=now + timedelta(seconds=30) if pick % 7 == 5 else None,
        )
        submit(owner=self.owner, request=request, now=now)

    def a_client_cancels(self, pick: int, _: bool) -> None:
        job = list(Job.objects.order_by("pk"))[pick % Job.objects.count()]
        try:
            cancel(job=job, actor="client", now=self.clock())
        except NotCancellable:
            assert job.state in TERMINAL

    def a_message_arrives(self, pick: int, _: bool) -> None:
        service.run_chunk(self._chunk(pick).pk, worker="whole", clock=self.clock)

    def a_worker_claims(self, pick: int, _: bool) -> None:
        self._hold(service._claim(self._chunk(pick).pk, f"w{len(self.held)}", self.clock()))

    def a_worker_finishes_however_late(self, pick: int, either: bool) -> None:
        if self.held:
            self._finish(self.held.pop(pick % len(self.held)), settles=either)

    def a_worker_is_paused_past_its_lease_and_another_takes_its_chunk(self, pick: int, either: bool) -> None:
        if not self.held:
            return
        paused = self.held.pop(pick % len(self.held))
        self.clock.forward(settings.LEASE_SECONDS + 1)
        sweep(now=self.clock())
        self._hold(service._claim(paused.pk, "another", self.clock()))
        if either:
            self._finish(paused, settles=True)

    def time_passes(self, pick: int, _: bool) -> None:
        self.clock.forward((1, 31, 61, 201)[pick % 4])

    def the_sweep_runs(self, _: int, __: bool) -> None:
        sweep(now=self.clock())

    def the_pump_runs(self, _: int, __: bool) -> None:
        dispatch.start_due(now=self.clock())
        for queue in set(Chunk.objects.values_list("queue", flat=True)):
            dispatch.pump(queue, now=self.clock())

    def _hold(self, chunk: Chunk | None) -> None:
        if chunk is not None:
            self.held.append(chunk)

    def _finish(self, chunk: Chunk, *, settles: bool) -> None:
        was = Chunk.objects.get(pk=chunk.pk)
        is_fenced = was.state != State.RUNNING or was.attempt != chunk.attempt
        won = service._finish(
            chunk, compute(chunk, now=self.clock(), should_continue=lambda: True), "late", self.clock()
        )
        assert won != is_fenced, "one that has lost its lease must not finish, and no other may be hindered"
        if settles:  # else it has died in between
            settle(chunk.job_id, actor="late", now=self.clock())

    @invariant()
    def every_row_has_one_unbroken_history(self) -> None:
        for table, allowed in ((Job.objects.all(), JOB_ALLOWED), (Chunk.objects.all(), CHUNK_ALLOWED)):
            for row in table:
                where = {"job": row, "chunk": None} if isinstance(row, Job) else {"chunk": row}
                moves = list(Transition.objects.filter(**where).order_by("pk").values_list("from_state", "to_state"))
                assert moves[0][0] == ""
                assert all(before[1] == after[0] for before, after in pairwise(moves))
                assert all(State(to) in allowed[State(origin)] for origin, to in moves[1:])
                assert moves[-1][1] == row.state

    @invariant()
    def what_is_over_stays_as_it_is(self) -> None:
        for job in Job.objects.filter(state__in=TERMINAL):
            chunks = list(job.chunks.order_by("pk").values_list("state", "blob_id", "attempt"))
            assert all(State(state) in TERMINAL for state, *_ in chunks)
            assert all((state == State.SUCCEEDED) == (blob is not None) for state, blob, _ in chunks)
            now = (job.state, job.ok_count, job.failed_count, job.finished_at, tuple(chunks))
            assert self.ended.setdefault(job.pk, now) == now
            if job.state != State.CANCELLED:
                assert job.ok_count + job.failed_count == job.symbol_count

    @invariant()
    def jobs_are_counted_as_they_are(self) -> None:
        assert counts_of_states(self.owner) == Counter(Job.objects.values_list("state", flat=True))

    @invariant()
    def every_job_can_still_end(self) -> None:
        for job in Job.objects.exclude(state__in=TERMINAL):
            assert job.chunks.exclude(state__in=TERMINAL).exists() or job.state in (State.RUNNING, State.CANCELLING)


class Endings(Histories):
    """A history, after which workers and sweeps do what they always do: then nothing may be left."""

    def teardown(self) -> None:
        try:
            self._drain()
            assert not Job.objects.exclude(state__in=TERMINAL).exists(), "a job is stuck"
        finally:
            super().teardown()

    def _drain(self) -> None:
        for _ in range(3 * settings.MAX_ATTEMPTS):
            self.clock.forward(settings.LEASE_SECONDS + 301)
            dispatch.start_due(now=self.clock())
            sweep(now=self.clock())
            for pk in Chunk.objects.filter(state__in=[State.ACCEPTED, State.QUEUED]).values_list("pk", flat=True):
                service.run_chunk(pk, worker="last", clock=self.clock)
            self.every_row_has_one_unbroken_history()
            self.what_is_over_stays_as_it_is()


@pytest.mark.django_db(transaction=True)
def test_any_history_keeps_the_promises(
    owner: AbstractUser, walks: list[str], broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "CHUNK_TARGET_MILLISECONDS", 0.001)  # a chunk for every symbol
    monkeypatch.setattr(settings, "QUEUE_WINDOW", 3)
    monkeypatch.setattr(settings, "OVERLOADED_AFTER_SECONDS", 0)
    Histories.owner, Histories.symbols = owner, walks
    run_state_machine_as_test(
        Endings,
        settings=searching(
            max_examples=HISTORIES,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.generate],  # making a failure small would take minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
