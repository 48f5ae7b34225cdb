from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from django.contrib.auth.models import AbstractUser
from django.test import override_settings
from django.utils import timezone

from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.services.submit import submit
from tests.bars import random_walk


class Clock:
    """A clock that a test sets forward."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def submit_inline(owner: AbstractUser, clock: Clock):
    """Submit a job of inline bars behind a full window, so that its rows are accepted and wait for the pump."""

    def make(count: int = 200, seed: int = 1, analyses: Any = ("rsi", "macd"), **fields: Any) -> Job:
        request = JobRequest(analyses=list(analyses), bars=random_walk(count, seed=seed), **fields)
        with full_window():
            return submit(owner=owner, request=request, now=clock())

    return make


@pytest.fixture
def unreachable_broker() -> Iterator[None]:
    """Every connection of this process goes to a port where nobody listens."""
    reachable = {name: current_app.conf[name] for name in ("broker_url", "broker_read_url", "broker_write_url")}
    current_app.conf.update(dict.fromkeys(reachable, "redis://127.0.0.1:1/0"))
    current_app._after_fork()  # forget the pools
    yield
    current_app.conf.update(reachable)
    current_app._after_fork()


@contextmanager
def full_window() -> Iterator[None]:
    """Let the broker's window have no room."""
    with override_settings(QUEUE_WINDOW=0):
        yield


def only_chunk(job: Job) -> Chunk:
    return Chunk.objects.select_related("job").get(job=job)
