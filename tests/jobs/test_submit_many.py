"""What the jobs of one request have in common is found out once."""

import time
from collections.abc import Sequence
from typing import Any
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from analysis import Plan
from jobs import read_once
from jobs.errors import InvalidRequest
from jobs.models import Job
from jobs.requests import JobRequest
from jobs.services.submit import submit, submit_many
from market import selectors as market

pytestmark = pytest.mark.django_db


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Plan.parse, counting."""
    counting = Mock(side_effect=Plan.parse)
    monkeypatch.setattr("analysis.Plan.parse", counting)
    return counting


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """market.resolve(), counting."""
    counting = Mock(side_effect=market.resolve)
    monkeypatch.setattr("market.selectors.resolve", counting)
    return counting


def many(owner: AbstractUser, requests: Sequence[JobRequest]) -> list[Job | InvalidRequest]:
    return submit_many(owner=owner, requests=requests, now=timezone.now())


def asked(analyses: list[Any], *symbols: str, **also: Any) -> JobRequest:
    return JobRequest(analyses=analyses, symbols=symbols, reuse=False, **also)


def test_equal_analyses_and_symbols_are_read_once(
    owner: AbstractUser, walks: list[str], broker: object, parsed: Mock, resolved: Mock
) -> None:
    made = many(owner, [asked(["rsi", {"name": "sma", "params": {"period": 9}}], "W0", last=n + 1) for n in range(50)])
    assert all(isinstance(one, Job) for one in made)
    assert (parsed.call_count, resolved.call_count) == (1, 1)
    many(owner, [asked(["rsi"], "W0"), asked(["macd"], "W0"), asked(["rsi"], "W1"), asked(["rsi"], "W0", last=2)])
    assert (parsed.call_count, resolved.call_count) == (3, 3)


def test_each_is_the_job_that_it_is_alone(owner: AbstractUser, walks: list[str], broker: object) -> None:
    requests = [
        asked(["all"], "W0"),
        asked(["rsi"], "W0"),
        asked(["rsi"], "W1", output="all"),
        asked(["all"], "W0", "W1"),
        asked(["all"], "W0"),
    ]
    together = many(owner, requests)
    for job, request in zip(together, requests, strict=True):
        assert isinstance(job, Job)
        alone = submit(owner=owner, request=request, now=timezone.now(), waited_for=False)
        for name in ("fingerprint", "plan", "sources", "queue", "symbol_count", "chunk_count", "expected_bytes"):
            assert getattr(job, name) == getattr(alone, name)


def test_what_is_refused_is_refused_alike_each_time(
    owner: AbstractUser, walks: list[str], broker: object, parsed: Mock, resolved: Mock
) -> None:
    wrong, unknown = asked(["rsj"], "W0"), asked(["rsi"], "NOPE")
    first, second, third, fourth = many(owner, [wrong, unknown, wrong, unknown])
    for one, other, pointer in ((first, third, "/analyses/0"), (second, fourth, "/symbols/0")):
        assert isinstance(one, InvalidRequest)
        assert isinstance(other, InvalidRequest)
        assert one.faults == other.faults
        assert [fault.pointer for fault in one.faults] == [pointer]
    assert (parsed.call_count, resolved.call_count) == (2, 2)


def test_only_a_few_are_kept(owner: AbstractUser, walks: list[str]) -> None:
    once = read_once.ReadOnce(owner)
    for n in range(read_once.KEPT + 5):
        once.planned([f"sma({n + 2})"], "1d")
    assert len(once._answers["plan"]) == read_once.KEPT


def test_a_hundred_jobs_of_everything_take_the_parsing_of_one(
    owner: AbstractUser, walks: list[str], broker: object
) -> None:
    def cost(count: int) -> float:
        began = time.process_time()
        many(owner, [asked(["all"], "W0") for _ in range(count)])
        return time.process_time() - began

    cost(1)
    began = time.process_time()
    for _ in range(10):
        Plan.parse(["all"], timeframe="1d")
    parsing = (time.process_time() - began) / 10
    # Each used to be parsed: a hundred times the parsing, and what storing them takes.
    assert cost(100) < 50 * parsing
