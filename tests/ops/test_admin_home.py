"""The admin's home: what an operator has to know now."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from jobs import overview, selectors
from jobs.hold_rows import READ_ONLY
from jobs.models import Chunk, Job
from jobs.overview import Minute
from jobs.requests import JobRequest
from jobs.services.hold import hold
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.states import State
from ops import drains, presence
from ops.admin_home import figures
from ops.hour_chart import HEIGHT, hour_chart
from ops.templatetags.ops_figures import seconds
from tests.bars import random_walk

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def asked_again(broker: Any, cache: Any) -> None:
    figures.forget()


def submitted(owner: Any, *analyses: str, symbol: str = "AAPL", tags: tuple[str, ...] = ()) -> Job:
    request = JobRequest(analyses=analyses or ("rsi",), bars=random_walk(60, symbol=symbol), tags=tags)
    return submit(owner=owner, request=request, now=timezone.now())


def run(job: Job, worker: str = "w1") -> None:
    for chunk in Chunk.objects.filter(job=job):
        run_chunk(chunk.pk, worker=worker, clock=timezone.now)


def test_it_shows_states_queues_and_what_was_slow(owner: Any, admin_client: Client) -> None:
    run(submitted(owner, "rsi", "macd"))
    submitted(owner, symbol="MSFT")
    page = admin_client.get("/admin/").content.decode()
    assert "rsi, macd" in page
    assert "interactive" in page
    assert 'href="/admin/jobs/job/?state=succeeded"><b>1</b>' in page
    assert 'href="/admin/jobs/job/?state=queued"><b>1</b>' in page
    assert '<rect class="succeeded"' in page


def words(client: Client) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get("/admin/figures/").content.decode()).split())


def test_what_staff_hold_back_is_said(owner: Any, admin_client: Client, settings: Any, broker: Any) -> None:
    presence.announce(settings.BROKER_URL, "worker", "busy@here")
    assert not re.search("paused|only reads|draining", words(admin_client))
    now = timezone.now()
    hold("patterns", by="staff:<b>boss", reason="disk <i>full", now=now)
    drains.drain("busy@here", by="staff:boss", now=now)
    figures.forget()
    page = admin_client.get("/admin/figures/").content.decode()
    assert "paused: disk &lt;i&gt;full" in page
    assert re.search(r"busy@here\s*<small> worker, draining</small>", page)
    hold(READ_ONLY, by="staff:boss", reason="moving", now=now)
    figures.forget()
    assert f"The system only reads since {now:%Y-%m-%d %H:%M:%S} UTC (staff:boss: moving)." in words(admin_client)


def test_failures_are_counted_by_their_code(owner: Any, admin_client: Client, monkeypatch: Any) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("jobs.services.run_chunk.compute", broken)
    job = submitted(owner)
    run(job)
    (failed,) = overview.failure_codes(now=timezone.now())
    assert (failed.code, failed.symbols, failed.jobs, failed.newest) == ("internal_error", 1, 1, job.pk)
    assert f"/admin/jobs/job/{job.pk}/change/" in admin_client.get("/admin/").content.decode()


def test_a_worker_that_is_silent_is_told_from_one_that_lives(
    owner: Any, admin_client: Client, settings: Any, broker: Any
) -> None:
    presence.announce(settings.BROKER_URL, "worker", "busy@here")
    presence.announce(settings.BROKER_URL, "beat", "beat@here")
    told = {row["name"]: row for row in figures.read()["processes"]}
    assert set(told) == {"busy@here", "beat@here"}
    assert not told["busy@here"]["silent"]
    assert "busy@here" in admin_client.get("/admin/").content.decode()


def test_the_figures_alone_are_a_page_for_who_may_see_jobs(client: Client, django_user_model: Any) -> None:
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    client.force_login(reader)
    assert 'id="figures"' not in client.get("/admin/").content.decode()
    assert client.get("/admin/figures/").status_code == 403
    reader.user_permissions.add(Permission.objects.get(codename="view_job"))
    page = client.get("/admin/figures/")
    assert page.status_code == 200
    assert "<html" not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert 'id="figures"' in client.get("/admin/").content.decode()
    assert client.post("/admin/figures/").status_code == 405


def test_strangers_are_sent_to_the_login(client: Client, db: None) -> None:
    assert client.get("/admin/figures/").status_code == 302


def test_what_a_client_has_named_is_shown_as_text(owner: Any, admin_client: Client) -> None:
    job = submitted(owner, symbol=HOSTILE, tags=(HOSTILE,))
    run(job, worker=HOSTILE)
    Job.objects.filter(pk=job.pk).update(request={"analyses": [HOSTILE]})
    page = admin_client.get("/admin/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert HOSTILE not in page


def test_however_many_look_the_database_is_asked_once(
    admin_client: Client, db: None, django_assert_max_num_queries: Any
) -> None:
    admin_client.get("/admin/figures/")
    with django_assert_max_num_queries(2):  # session and user
        admin_client.get("/admin/figures/")


def test_a_database_that_does_not_answer_is_said(admin_client: Client, monkeypatch: Any) -> None:
    def away(*_: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(selectors, "count_by_state", away)
    assert "The database does not answer" in admin_client.get("/admin/figures/").content.decode()


def test_with_the_broker_away_the_rest_is_shown(admin_client: Client, db: None, settings: Any) -> None:
    settings.BROKER_URL = "redis://127.0.0.1:1/0"
    page = admin_client.get("/admin/figures/").content.decode()
    assert "failed" in page
    assert "Queues" in page


def test_the_last_hour_has_every_minute(owner: Any) -> None:
    now = timezone.now()
    submitted(owner)
    minutes = overview.last_hour(now=now)
    assert 55 <= len(minutes) <= 57
    assert sum(sum(minute.counts.values()) for minute in minutes) == 1
    assert sum(minutes[-1].counts.values()) + sum(minutes[-2].counts.values()) == 1
    steps = {later.begins_at - earlier.begins_at for earlier, later in pairwise(minutes)}
    assert steps == {timedelta(milliseconds=65_536)}


def test_a_single_failure_is_seen_beside_thousands() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    drawn = hour_chart([Minute(at, {State.SUCCEEDED: 50_000, State.FAILED: 1}), Minute(at + timedelta(minutes=1), {})])
    assert drawn.highest == 50_001
    few = next(box for box in drawn.boxes if box.kind == "failed")
    assert few.height >= 1
    assert 0 <= few.y < HEIGHT


def test_an_hour_without_jobs_is_an_empty_picture() -> None:
    assert hour_chart([Minute(datetime(2026, 1, 1, tzinfo=UTC), {})]).boxes == []


@pytest.mark.parametrize(
    ("span", "said"),
    [(None, "–"), (0.0, "0 s"), (0.25, "0.25 s"), (59.6, "60 s"), (600.0, "10 min"), (9e3, "2 h"), (3e5, "3 days")],
)
def test_spans_are_said_to_what_matters(span: float | None, said: str) -> None:
    assert seconds(span) == said
