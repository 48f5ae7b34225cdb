"""The one writer of states: a guarded UPDATE and its transition row, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import transaction

from jobs import callbacks, raw_sql, storage_use
from jobs.errors import IllegalTransition
from jobs.models import Chunk, Job, Transition
from jobs.queries.counts import count_more
from jobs.signals import tell_born, tell_ended
from jobs.states import CHUNK_ALLOWED, JOB_ALLOWED, TERMINAL, State

BATCH = 500


def move(
    row: Job | Chunk,
    to: State,
    *,
    actor: str,
    now: datetime,
    reason: str = "",
    transition_rows: list[Transition] | None = None,
    result_bytes: int | None = None,
    **also: Any,
) -> bool:
    """Move one row as it was last seen to another state; return True for the winner.

    The row must still be in the state seen, and a chunk at the attempt seen: a worker whose lease was taken
    back cannot finish. Losing is a normal return; a move that the table forbids raises IllegalTransition.
    `also` are further columns to write with the state. With `transition_rows` the transition row is left to the caller,
    who writes all of its transaction at once with record(). `result_bytes` are those of a job that ends, if known.
    """
    seen = State(row.state)
    _demand_allowed(type(row), seen, to)
    guard: dict[str, Any] = {"pk": row.pk, "state": seen}
    if isinstance(row, Chunk):
        guard["attempt"] = row.attempt
    if isinstance(row, Job) and row.waits_for is not None:
        # Only what is accepted waits for another.
        also.setdefault("waits_for", None)
    with transaction.atomic(savepoint=False):
        if isinstance(row, Job) and to in TERMINAL:
            # Told here, and not in each of the places that end jobs, so that none is left out of its owner's storage.
            also["stored_bytes"] = storage_use.measured(row, result_bytes)
        won = raw_sql.update(type(row), guard, {"state": to, **also}) == 1
        if won:
            for name, value in {"state": to, **also}.items():
                setattr(row, name, value)
            if isinstance(row, Job) and to in TERMINAL:
                storage_use.take([row])
                callbacks.enqueue([row], now=now)
                count_more([row])
                tell_ended([row])
            transition = _transition(row, seen, to, actor, now, reason)
            record([transition]) if transition_rows is None else transition_rows.append(transition)
    return won


def record(transition_rows: Sequence[Transition]) -> None:
    """Insert the transition rows that moves of this transaction have left to it."""
    raw_sql.insert(transition_rows)


def move_many(
    locked: Sequence[Chunk] | Sequence[Job],
    to: State,
    *,
    actor: str,
    now: datetime,
    reason: str = "",
    **also: Any,
) -> int:
    """Move rows that the caller holds locked, in sets, and return how many moved.

    All must be of one table and locked in the caller's transaction (select_for_update), so that the state
    seen is the state there is. Jobs end one by one, by move().
    """
    if to in TERMINAL and any(isinstance(row, Job) for row in locked):
        raise IllegalTransition("Jobs do not end in sets: who is to be told would not be.")
    moved = 0
    for start in range(0, len(locked), BATCH):
        batch = locked[start : start + BATCH]
        by_state: dict[State, list[Job | Chunk]] = {}
        for row in batch:
            by_state.setdefault(State(row.state), []).append(row)
        for seen, same in by_state.items():
            model = type(same[0])
            _demand_allowed(model, seen, to)
            # As in move(): only what is accepted waits for another.
            more = also if model is Chunk else {"waits_for": None, **also}
            changed = model.objects.filter(pk__in=[row.pk for row in same], state=seen).update(state=to, **more)
            if changed != len(same):
                raise IllegalTransition("Rows moved in a set must be locked by the caller.")
            record([_transition(row, seen, to, actor, now, reason) for row in same])
            moved += changed
    return moved


@dataclass(frozen=True, slots=True)
class NewJob:
    """A new job with its chunks; `via` are states that all of them pass through, each with a row of its own."""

    job: Job
    chunks: list[Chunk]
    via: tuple[State, ...] = ()
    reason: str = ""


def insert_jobs(new_jobs: Sequence[NewJob], *, actor: str, now: datetime) -> None:
    """Insert new jobs, their chunks and the transition rows of both; the caller holds the transaction."""
    # In one order, in which two who begin the same work never wait for each other.
    raw_sql.insert(sorted((new.job for new in new_jobs), key=attrgetter("fingerprint", "queue")))
    raw_sql.insert([chunk for new in new_jobs for chunk in new.chunks])
    ended = [new.job for new in new_jobs if new.job.state in TERMINAL]
    callbacks.enqueue(ended, now=now)
    count_more(ended)
    transition_rows = []
    for new in new_jobs:
        born: list[Job | Chunk] = [new.job, *new.chunks]
        for row in born:
            seen: State | None = None
            for state in (*new.via, State(row.state)):
                transition_rows.append(_transition(row, seen, state, actor, now, new.reason))
                seen = state
    record(transition_rows)
    storage_use.take(ended)
    tell_born([new.job for new in new_jobs])


def _demand_allowed(model: type[Job] | type[Chunk], seen: State, to: State) -> None:
    allowed = JOB_ALLOWED if model is Job else CHUNK_ALLOWED
    if to not in allowed.get(seen, frozenset()):
        raise IllegalTransition(f"A {model.__name__.lower()} cannot move from {seen} to {to}.")


def _transition(row: Job | Chunk, seen: State | None, to: State, actor: str, now: datetime, reason: str) -> Transition:
    chunk = row if isinstance(row, Chunk) else None
    return Transition(
        job_id=row.job_id if isinstance(row, Chunk) else row.id,
        chunk=chunk,
        from_state=seen or "",
        to_state=to,
        attempt=chunk.attempt if chunk else 0,
        actor=actor,
        reason=reason,
        at=now,
    )
