"""What every task does before its work."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from celery import current_app
from celery.exceptions import Ignore
from celery.worker.request import Request

from jobs import clock
from jobs.services.hold import begin_read_only, end_read_only
from tasks.analysis import run_chunk
from tasks.base import UnjudgedRequest
from tasks.scans import tick

# Each message begins with a look at the connection, which a transaction of the test would not outlive.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told() -> Iterator[SimpleNamespace]:
    """The task's message; `expires` is set by the test."""
    tick.push_request(expires=None)
    yield SimpleNamespace(request=tick.request)
    tick.pop_request()


def test_what_was_to_be_over_is_left_out_by_the_shared_clock(told: SimpleNamespace, monkeypatch) -> None:
    told.request.expires = (clock.now() + timedelta(seconds=30)).isoformat()
    tick.before_start("1", (), {})
    # This process's clock shall be a minute behind.
    monkeypatch.setattr(clock, "now", lambda: clock.estimate() + timedelta(seconds=60))
    with pytest.raises(Ignore):
        tick.before_start("1", (), {})


def test_the_consumer_leaves_the_time_to_the_task() -> None:
    for name, task in current_app.tasks.items():
        if name.startswith("tasks."):
            assert issubclass(task.Request, UnjudgedRequest)
    assert issubclass(UnjudgedRequest, Request)


def test_messages_are_stamped_by_the_shared_clock(monkeypatch) -> None:
    monkeypatch.setattr(clock.shared, "_reading", SimpleNamespace(offset=120.0))
    assert current_app.now() - clock.estimate() < timedelta(seconds=1)


def test_while_the_system_only_reads_beats_entries_do_nothing_and_chunks_see_to_it_themselves(
    told: SimpleNamespace,
) -> None:
    begin_read_only(by="staff:one", now=clock.now())
    with pytest.raises(Ignore):
        tick.before_start("1", (), {})
    run_chunk.push_request(expires=None)
    run_chunk.before_start("1", (), {})
    run_chunk.pop_request()
    end_read_only(by="staff:one", now=clock.now())
    tick.before_start("1", (), {})
