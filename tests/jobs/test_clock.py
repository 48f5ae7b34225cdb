"""The clock that all processes share: the database's, asked now and then."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import OperationalError, connection

from jobs import clock
from jobs.clock import READ_SECONDS, SharedClock


class Hands:
    """A process's two clocks and a database's, each set by the test."""

    def __init__(self) -> None:
        self.wall, self.timer, self.ahead, self.asked = 1_000.0, 50.0, 0.0, 0
        self.way = 0.0

    def forward(self, seconds: float) -> None:
        self.wall, self.timer = self.wall + seconds, self.timer + seconds

    def ask(self) -> float:
        self.asked += 1
        self.forward(self.way / 2)
        theirs = self.wall + self.ahead
        self.forward(self.way / 2)
        return theirs


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def shared(hands: Hands) -> SharedClock:
    return SharedClock(hands.ask, lambda: hands.wall, lambda: hands.timer)


def seconds(moment: datetime) -> float:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()


@pytest.mark.parametrize("ahead", [120.0, -60.0])
def test_a_process_that_is_behind_or_ahead_goes_by_the_database(
    shared: SharedClock, hands: Hands, ahead: float
) -> None:
    hands.ahead, hands.way = ahead, 0.4
    assert seconds(shared.now()) == pytest.approx(hands.wall + ahead)


def test_the_database_is_asked_once_in_a_while(shared: SharedClock, hands: Hands) -> None:
    for _ in range(100):
        shared.now()
        hands.forward(READ_SECONDS / 60)
    assert hands.asked == 2


def test_a_clock_that_is_set_is_noticed_at_once(shared: SharedClock, hands: Hands) -> None:
    before = shared.now()
    hands.wall -= 120
    hands.ahead += 120
    assert shared.now() == before


def test_less_than_half_of_the_way_is_no_difference(shared: SharedClock, hands: Hands) -> None:
    hands.ahead, hands.way = 0.1, 0.4
    assert seconds(shared.now()) == pytest.approx(hands.wall, abs=1e-6)


def test_the_estimate_asks_nobody(shared: SharedClock, hands: Hands) -> None:
    hands.ahead = 5.0
    assert (seconds(shared.estimate()), hands.asked) == (hands.wall, 0)
    shared.now()
    hands.forward(1_000)
    assert (seconds(shared.estimate()), hands.asked) == (hands.wall + 5, 1)


def test_a_database_that_is_away_is_no_reason_to_forget_what_it_said(hands: Hands) -> None:
    def away() -> float:
        raise OperationalError

    hands.ahead = 7.0
    asked = [hands.ask, away, hands.ask]
    shared = SharedClock(lambda: asked.pop(0)(), lambda: hands.wall, lambda: hands.timer)
    shared.now()
    hands.forward(READ_SECONDS)
    with pytest.raises(OperationalError):
        shared.now()
    assert seconds(shared.estimate()) == hands.wall + 7
    assert seconds(shared.now()) == hands.wall + 7


def test_one_thread_asks_and_the_others_go_on(hands: Hands) -> None:
    held, asking = threading.Event(), threading.Event()

    def slow() -> float:
        if hands.asked:
            asking.set()
            held.wait(30)
        return hands.ask()

    shared = SharedClock(slow, lambda: hands.wall, lambda: hands.timer)
    shared.now()
    hands.forward(READ_SECONDS)
    asker = threading.Thread(target=shared.now)
    asker.start()
    assert asking.wait(30)
    assert seconds(shared.now()) == hands.wall  # at once, while the other waits
    held.set()
    asker.join(30)
    assert hands.asked == 2


@pytest.mark.django_db
def test_a_file_of_this_machine_is_not_asked(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0 if connection.vendor == "sqlite" else 1):
        SharedClock(clock.database_time).now()
