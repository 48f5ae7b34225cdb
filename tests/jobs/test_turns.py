"""Few are worked on at a time, who waits gives the turn up, and nobody waits for ever."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from jobs import turns
from jobs.completion_listener import wait_until_over
from jobs.models import Job
from jobs.turns import Turns, given_up

SOON = 0.01


def is_free(kind: Turns) -> bool:
    """Tell whether another thread would get a turn."""
    found: list[bool] = []

    def look() -> None:
        with kind.taken():
            found.append(turns._mine.held)

    other = threading.Thread(target=look)
    other.start()
    other.join(10)
    return found == [True]


def test_as_many_work_at_a_time_as_there_are_turns() -> None:
    kind = Turns(2, wait_seconds=30)
    at_once: list[int] = []
    working, most = 0, threading.Lock()

    def work() -> None:
        nonlocal working
        with kind.taken():
            with most:
                working += 1
                at_once.append(working)
            threading.Event().wait(SOON)
            with most:
                working -= 1

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(at_once) == 20
    assert max(at_once) <= 2


def test_who_has_waited_long_enough_goes_on_and_takes_nobodys_turn() -> None:
    kind = Turns(1, wait_seconds=SOON)
    with kind.taken():
        assert not is_free(kind)
        # Who went on without a turn has given none back that was another's.
        assert not is_free(kind)
    assert is_free(kind)


def test_who_waits_for_something_else_gives_the_turn_up() -> None:
    kind = Turns(1, wait_seconds=SOON)
    with kind.taken():
        with given_up():
            assert is_free(kind)
        assert not is_free(kind)
    assert is_free(kind)
    with given_up():  # outside of a turn it changes nothing
        assert is_free(kind)


def test_a_turn_that_is_given_up_twice_is_given_back_once() -> None:
    kind = Turns(1, wait_seconds=SOON)
    with kind.taken(), given_up():
        with given_up(), kind.taken():
            assert not is_free(kind)
        assert is_free(kind)
    assert is_free(kind)
    with kind.taken():
        assert not is_free(kind)


@contextmanager
def failing() -> Iterator[None]:
    with pytest.raises(KeyError):
        yield


@pytest.mark.parametrize("where", ["in it", "while it is given up"])
def test_who_fails_gives_the_turn_back(where: str) -> None:
    kind = Turns(1, wait_seconds=SOON)
    with failing(), kind.taken():
        if where == "in it":
            raise KeyError
        with given_up():
            raise KeyError
    assert is_free(kind)


@pytest.mark.django_db
def test_who_waits_for_the_end_of_a_job_holds_no_turn(
    submit_inline: Callable[..., Job], broker: object, cache: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = Turns(1, wait_seconds=SOON)
    found: list[bool] = []
    monkeypatch.setattr("jobs.completion_listener.Waiter.wait", lambda *_: found.append(is_free(kind)))
    job = submit_inline()
    with kind.taken():
        wait_until_over(job.pk, seconds=1)
    assert found == [True]
