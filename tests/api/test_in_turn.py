"""Django is asked in turns: readers and writers apart, probes at any time, and bodies are received outside of them."""

import threading
from contextlib import ExitStack
from typing import Any

import pytest

from api import in_turn, parsing, receiving
from api.in_turn import InTurn
from jobs.turns import Turns
from tests.api.conftest import Caller, problem
from tests.api.test_held_bodies import JOB, JOBS

ANSWER = [b"answer"]


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> tuple[Turns, Turns]:
    """One turn of each kind, for which nobody waits long."""
    made = Turns(1, wait_seconds=0.01), Turns(1, wait_seconds=0.01)
    monkeypatch.setattr(in_turn, "reading", made[0])
    monkeypatch.setattr(in_turn, "writing", made[1])
    return made


def free(kinds: tuple[Turns, Turns]) -> tuple[bool, bool]:
    """Tell of which kinds a turn could be taken."""
    found = []
    for kind in kinds:
        found.append(kind._free.acquire(blocking=False))
        if found[-1]:
            kind._free.release()
    return found[0], found[1]


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/v1/jobs", (False, True)),
        ("HEAD", "/docs", (False, True)),
        ("POST", "/api/v1/jobs", (True, False)),
        ("DELETE", "/api/v1/jobs/x", (True, False)),
        ("GET", "/health/live", (True, True)),
        ("GET", "/health/ready", (True, True)),
    ],
)
def test_who_takes_which_turn(kinds: tuple[Turns, Turns], method: str, path: str, expected: tuple[bool, bool]) -> None:
    seen: list[Any] = []

    def django(environ: dict[str, Any], start: Any) -> list[bytes]:
        seen.append(free(kinds))
        return ANSWER

    environ = {"REQUEST_METHOD": method, "PATH_INFO": path}
    assert InTurn(django)(environ, None) is ANSWER  # type: ignore[arg-type]
    assert seen == [expected]
    assert free(kinds) == (True, True)


def test_a_fault_gives_the_turn_back(kinds: tuple[Turns, Turns]) -> None:
    def django(environ: dict[str, Any], start: Any) -> list[bytes]:
        raise KeyError

    with pytest.raises(KeyError):
        InTurn(django)({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, None)  # type: ignore[arg-type]
    assert free(kinds) == (True, True)


def test_a_body_is_received_outside_of_the_turn_and_read_in_it(
    api: Caller, walks: list[str], kinds: tuple[Turns, Turns], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bool, bool]] = []
    for name in ("_received", "decode"):
        monkeypatch.setattr(parsing, name, _looking(getattr(parsing, name), kinds, seen))
    with kinds[1].taken():
        assert api.post(JOBS, JOB.encode()).status_code == 202
    assert seen == [(True, True), (True, False)]


def _looking(do: Any, kinds: tuple[Turns, Turns], seen: list[tuple[bool, bool]]) -> Any:
    def look(*given: Any) -> Any:
        seen.append(free(kinds))
        return do(*given)

    return look


def test_who_waits_for_a_place_holds_no_turn(
    anonymous: Caller, kinds: tuple[Turns, Turns], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bool, bool]] = []
    wait_for = threading.Condition.wait_for

    def waiting(self: threading.Condition, predicate: Any, timeout: float | None = None) -> bool:
        seen.append(free(kinds))
        return wait_for(self, predicate, 0.01)

    with ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(receiving.unknown.hold("127.0.0.1", 1))
        monkeypatch.setattr("threading.Condition.wait_for", waiting)
        stack.enter_context(kinds[1].taken())
        problem(anonymous.post("/api/v1/token", {"username": "a", "password": "b"}), 503, "no_place_free")
        assert seen == [(True, True)]
        assert free(kinds) == (True, False)
