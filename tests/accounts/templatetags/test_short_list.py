"""Rows are written as django-unfold writes them, to the letter; and the first column by its own name."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from unfold.templatetags.unfold_list import result_list

from accounts.short_lists import ShortList
from accounts.templatetags.short_list import short_result_list
from forecasts.models import KeptPrediction
from jobs import clock
from jobs.models import Delivery, Job, Tombstone
from jobs.requests import JobRequest
from jobs.services.submit import submit
from notifications.models import Message
from scans.models import Scan, ScanRun
from tests.bars import random_walk

SHORT = sorted(model._meta.label for model, page in admin.site._registry.items() if isinstance(page, ShortList))
HOSTILE = '<script>alert(1)</script>"&'


@pytest.fixture
def rows(db: None, broker: Any, owner: Any, admin_user: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill each of these tables, and stop the clock: an open job's cell says how long it has taken until now."""
    now = timezone.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    for seed in range(3):
        request = JobRequest(analyses=["rsi"], bars=random_walk(50, seed=seed), tags=[HOSTILE[:20], "nightly"])
        submit(owner=owner, request=request, now=now)
    Job.objects.filter(pk=Job.objects.first().pk).update(finished_at=now + timedelta(seconds=1))
    LogEntry.objects.log_actions(admin_user.pk, Job.objects.all(), CHANGE, HOSTILE)
    for pk, job in enumerate(Job.objects.all()):
        Tombstone.objects.create(id=job.pk, owner=owner, summary={}, deleted_at=now, archive=HOSTILE)
        sent = {"due_at": now, "created_at": now, "delivered_at": now if pk else None}
        state = "dead" if pk else "pending"
        Delivery.objects.create(job=job, url=f"https://{pk}.example/", state=state, **sent)
        Message.objects.create(
            owner=owner,
            kind="job",
            subject_id=job.pk,
            channel="webhook",
            address=f"https://a/{pk}",
            state=state,
            **sent,
        )
    scan = Scan.objects.create(owner=owner, name="s", universe="u", analyses=["rsi"], crontab=None, interval=every())
    ScanRun.objects.create(scan=scan, fire_at=now, started_at=now, error=HOSTILE)
    ScanRun.objects.create(scan=scan, fire_at=now + timedelta(seconds=1), started_at=now, job_id=Job.objects.first().pk)
    figures = dict.fromkeys(("reference", "target", "stop", "p_target", "p_stop", "chance_target", "chance_stop"), 0.5)
    for pk, result in enumerate(("", "target")):
        KeptPrediction.objects.create(
            **figures,
            model=HOSTILE,
            sha256="a",
            series_id=pk,
            symbol="X",
            timeframe="1d",
            event="e",
            name="n",
            side=1,
            bar_ns=1,
            life=1,
            served_at=now,
            due_bars=1,
            result=result,
        )


def every() -> Any:
    return apps.get_model("django_celery_beat", "IntervalSchedule").objects.create(every=1, period="hours")


@pytest.mark.parametrize("label", SHORT)
@pytest.mark.parametrize("query", ["", "?_popup=1"])
def test_rows_are_those_of_unfold(rows: None, admin_client: Client, label: str, query: str) -> None:
    meta = apps.get_model(label)._meta
    answer = admin_client.get(f"/admin/{meta.app_label}/{meta.model_name}/{query}")
    cl = answer.context["cl"]
    context = {"request": answer.wsgi_request, "actions_row": None}
    ours, theirs = short_result_list(context, cl), result_list(context, cl)
    assert [list(row) for row in ours["results"]] == [list(row) for row in theirs["results"]]
    assert len(ours["results"]) >= 2
    assert {name: ours[name] for name in ours if name != "results"}.keys() == theirs.keys() - {"results"}
    assert ours["num_sorted_fields"] == theirs["num_sorted_fields"]
    page = answer.content.decode()
    assert all(str(cell) in page for row in ours["results"] for cell in row)
    assert HOSTILE not in page


@pytest.mark.parametrize("label", ["jobs.StorageUse", "jobs.Hold", "ops.Drain"])
def test_a_first_column_that_chooses_nothing_is_called_what_it_is(
    client: Client, admin_user: Any, broker: Any, label: str
) -> None:
    now, meta = timezone.now(), apps.get_model(label)._meta
    apps.get_model("jobs.Hold").objects.create(name="patterns", since=now, by="staff:admin")
    apps.get_model("ops.Drain").objects.create(worker="w", asked_at=now, by="staff:admin")
    apps.get_model("jobs.StorageUse").objects.create(owner=admin_user, part=0, stored_bytes=1, byte_days=1)
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename=f"view_{meta.model_name}"))
    client.force_login(reader)
    page = client.get(f"/admin/{meta.app_label}/{meta.model_name}/").content.decode()
    labels = re.findall(r'data-label="([^"]*)"', page)
    assert labels
    assert "Select record" not in labels
