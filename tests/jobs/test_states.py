import pytest

from jobs.states import CHUNK_ALLOWED, CHUNK_STATES, JOB_ALLOWED, TERMINAL, State, settled

S = State


def test_terminal_states_have_no_exits() -> None:
    for allowed in (JOB_ALLOWED, CHUNK_ALLOWED):
        assert not TERMINAL & set(allowed)


def test_every_open_state_leads_to_a_terminal_one() -> None:
    for allowed, states in ((JOB_ALLOWED, set(State)), (CHUNK_ALLOWED, CHUNK_STATES)):
        for state in states - TERMINAL:
            reached, frontier = set(), {state}
            while frontier:
                reached |= frontier
                frontier = {to for one in frontier for to in allowed.get(one, ())} - reached
            assert reached & TERMINAL, f"{state} has no way out"


def test_chunks_know_only_chunk_states() -> None:
    assert {to for allowed in CHUNK_ALLOWED.values() for to in allowed} <= CHUNK_STATES


@pytest.mark.parametrize(
    ("state", "chunks", "ok", "failed", "expected"),
    [
        (S.RUNNING, {S.SUCCEEDED: 1, S.RUNNING: 1}, 5, 0, None),
        (S.RUNNING, {S.SUCCEEDED: 1, S.ACCEPTED: 1}, 5, 0, None),
        (S.RUNNING, {S.SUCCEEDED: 2}, 10, 0, S.SUCCEEDED),
        (S.RUNNING, {S.SUCCEEDED: 2}, 9, 1, S.PARTIAL),
        (S.RUNNING, {S.SUCCEEDED: 1, S.FAILED: 1}, 5, 5, S.PARTIAL),
        (S.RUNNING, {S.FAILED: 2}, 0, 10, S.FAILED),
        (S.CANCELLING, {S.SUCCEEDED: 2}, 10, 0, S.CANCELLED),
        (S.CANCELLING, {S.SUCCEEDED: 1, S.CANCELLED: 1}, 5, 5, S.CANCELLED),
        (S.CANCELLING, {S.RUNNING: 1, S.CANCELLED: 1}, 0, 0, None),
    ],
)
def test_a_jobs_end_follows_from_its_chunks(state, chunks, ok, failed, expected) -> None:
    assert settled(state, chunks, ok_count=ok, failed_count=failed) is expected
