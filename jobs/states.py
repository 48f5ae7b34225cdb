"""The states of jobs and chunks, the moves that are allowed, and how a job's state follows from its chunks."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    ACCEPTED = "accepted"
    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"


TERMINAL = frozenset({State.SUCCEEDED, State.PARTIAL, State.FAILED, State.CANCELLED})
OPEN = tuple(state for state in State if state not in TERMINAL)
CHUNK_STATES = frozenset(State) - {State.CANCELLING, State.PARTIAL}

JOB_ALLOWED: Mapping[State, frozenset[State]] = {
    State.ACCEPTED: frozenset({State.QUEUED, State.RUNNING, State.CANCELLED}),
    State.QUEUED: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset({State.SUCCEEDED, State.PARTIAL, State.FAILED, State.CANCELLING}),
    State.CANCELLING: frozenset({State.CANCELLED}),
}

CHUNK_ALLOWED: Mapping[State, frozenset[State]] = {
    State.ACCEPTED: frozenset({State.QUEUED, State.RUNNING, State.CANCELLED}),
    State.QUEUED: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset({State.ACCEPTED, State.SUCCEEDED, State.FAILED, State.CANCELLED}),
}


def settled(state: State, chunks: Mapping[State, int], *, ok_count: int, failed_count: int) -> State | None:
    """Return the terminal state that a job's chunks imply, or None while any of them is not over.

    ok_count and failed_count are symbols over all chunks. A cancelling job ends cancelled even if every
    chunk succeeded: the client was promised that.
    """
    if any(count for chunk_state, count in chunks.items() if chunk_state not in TERMINAL):
        return None
    if state is State.CANCELLING:
        return State.CANCELLED
    if not ok_count:
        return State.FAILED
    whole = not failed_count and not chunks.get(State.FAILED) and not chunks.get(State.CANCELLED)
    return State.SUCCEEDED if whole else State.PARTIAL
