"""A worker that is to take no more, as those who ask for it see it; the worker's own part is in tests/tasks/worker."""

from io import StringIO
from typing import Any

import pytest
import redis
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.test import Client

from jobs import clock
from ops import drains, heartbeats
from ops.models import Drain

pytestmark = pytest.mark.django_db
ADD, LIST = "/admin/ops/drain/add/", "/admin/ops/drain/"
NAME = "celery@one"


@pytest.fixture
def worker(broker: Any) -> str:
    heartbeats.announce("worker", NAME)
    return NAME


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("drain_worker", *arguments, stdout=out)
    return out.getvalue()


def test_how_a_worker_does_is_told_step_by_step(worker: str) -> None:
    assert told().startswith("celery@one: takes messages, last sign of life ")
    assert told(worker) == "celery@one: finishes what it has\n"
    drains.tell_empty(worker, clock.now())
    assert told(worker).startswith("celery@one: empty since ")
    assert told(worker, "--undo") == "celery@one: takes messages\n"


def test_who_waits_is_told_when_it_takes_too_long(worker: str) -> None:
    with pytest.raises(CommandError, match="still after 1 s"):
        told(worker, "--wait", "1")


def test_a_worker_that_is_not_there_is_refused_with_those_that_are(worker: str) -> None:
    with pytest.raises(CommandError, match=r"No worker celery@two .* There are celery@one"):
        told("celery@two")
    assert not Drain.objects.exists()


def test_without_the_broker_nobody_is_known(settings: Any) -> None:
    settings.BROKER_URL = "redis://127.0.0.1:9/0"
    with pytest.raises(CommandError, match="the broker does not answer"):
        told(NAME)


def test_a_drain_is_of_the_worker_as_it_runs_now(worker: str) -> None:
    before = clock.now()
    drains.drain(worker, by="staff:one", now=before)
    assert drains.is_asked(worker, before)
    assert not drains.is_asked(worker, clock.now()), "one that has started since takes messages"
    assert not drains.is_asked("celery@two", before)


def test_asking_twice_keeps_the_first(worker: str) -> None:
    first = drains.drain(worker, by="staff:one", now=clock.now())
    assert drains.drain(worker, by="staff:two", now=clock.now()).by == first.by == "staff:one"


def test_the_admin_drains_and_takes_back(worker: str, admin_client: Client, settings: Any) -> None:
    assert worker in admin_client.get(ADD).content.decode()
    page = admin_client.post(ADD, {"worker": worker}, follow=True).content.decode()
    assert "finishes what it has" in page
    assert Drain.objects.get().by == "staff:admin"
    with redis.Redis.from_url(settings.BROKER_URL) as client:
        client.flushdb()
    assert "ended" in admin_client.get(LIST).content.decode()
    assert admin_client.post(f"{LIST}celery_40one/delete/", {"post": "yes"}).status_code == 302
    assert not Drain.objects.exists()


def test_a_name_that_is_no_workers_is_refused_by_the_form(worker: str, admin_client: Client) -> None:
    assert admin_client.post(ADD, {"worker": "<script>"}).status_code == 200
    assert not Drain.objects.exists()


def test_staff_need_the_permission_of_each_action(worker: str, client: Client, django_user_model: Any) -> None:
    user = django_user_model.objects.create_user("limited", password="a long password", is_staff=True)
    client.force_login(user)
    assert client.get(LIST).status_code == 403
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_drain", "change_drain"]))
    assert client.get(LIST).status_code == 200
    assert client.post(ADD, {"worker": worker}).status_code == 403
    drains.drain(worker, by="staff:one", now=clock.now())
    assert client.post(f"{LIST}celery_40one/delete/", {"post": "yes"}).status_code == 403
    assert Drain.objects.exists()
