"""Every link of every page of the admin opens for who is shown it: in lists, in pages of rows and above them."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from accounts.models import ApiKey
from accounts.roles import OPERATORS, READERS
from accounts.services.keys import create_key
from forecasts.models import ModelVersion
from jobs.models import Chunk, Delivery, Job, Tombstone
from jobs.requests import JobRequest
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from market.services import put_universe, store_series
from notifications.models import Message
from ops.admin_home import figures
from scans.models import Scan, ScanRun
from tests.bars import random_walk

pytestmark = pytest.mark.django_db
SUPERUSER = "superuser"
# Ends the session, or is a file of all that there is.
LEFT_OUT = re.compile(r"/admin/logout/|\.csv$|/csv$")
ORDERS = re.compile(r"\?(?!.*cursor=)")


@pytest.fixture
def content(broker: Any, cache: Any, admin_user: User) -> User:
    """Rows of every kind, made by one and the same user, who is no member of the groups."""
    figures.forget()  # the home would lead to the rows of another test
    owner, now = admin_user, timezone.now()
    store_series(owner=owner, bars=random_walk(60), symbol="W", timeframe="1d", source="s", adjustment="raw", now=now)
    put_universe(owner=owner, name="some", symbols=["W", "NONE"], now=now)
    job = submit(owner=owner, request=JobRequest(analyses=["rsi"], universe="some", tags=["t"]), now=now)
    run_chunk(Chunk.objects.get(job=job).pk, clock=timezone.now)
    Job.objects.filter(pk=job.pk).update(request_id="r" * 32)
    again = submit(owner=owner, request=JobRequest(analyses=["sma(3)"], symbols=["W"]), now=now)
    Job.objects.filter(pk=again.pk).update(retry_of=job)
    Tombstone.objects.create(id=uuid4(), owner=owner, deleted_at=now, summary={})
    hourly = IntervalSchedule.objects.create(every=1, period="hours")
    nightly = CrontabSchedule.objects.create(minute="0", hour="22")
    PeriodicTask.objects.create(name="nightly", task="tasks.scans.tick", crontab=nightly)
    scan = Scan.objects.create(owner=owner, name="evening", universe="some", analyses=["rsi"], interval=hourly)
    for days, job_id in enumerate((job.pk, uuid4(), None)):  # one that is there, one that is gone, and none
        ScanRun.objects.create(scan=scan, fire_at=now - timedelta(days=days), started_at=now, job_id=job_id)
    when = {"due_at": now, "created_at": now}
    Delivery.objects.create(job=job, url="https://1.example/", **when)
    Message.objects.create(
        owner=owner, kind="job", subject_id="x", channel="webhook", address="https://1.example/", **when
    )
    create_key(owner=owner, name="notebook", scopes=("read",), now=now)
    ModelVersion.objects.create(
        name="pattern_outcome", version="2.0.0", sha256="0" * 64, owner=owner, registered_at=now
    )
    return owner


def entries_by(user: User) -> None:
    """Write down that this user has changed rows of every kind, some of which they may not see."""
    for row in (*Job.objects.all()[:1], *Scan.objects.all(), *ApiKey.objects.all(), *User.objects.all()[:1]):
        kind = ContentType.objects.get_for_model(row)
        LogEntry.objects.create(
            user=user, content_type=kind, object_id=str(row.pk), object_repr=str(row), action_flag=CHANGE
        )


def links_of(address: str, page: str) -> list[str]:
    """Return where the links and pictures of a page lead within the admin."""
    found = (urljoin(address, unescape(link)) for link in re.findall(r'(?:href|src)="([^"]+)"', page))
    inside = (link.partition("#")[0] for link in found if urlsplit(link).path.startswith("/admin/"))
    return [link for link in dict.fromkeys(inside) if not LEFT_OUT.search(urlsplit(link).path)]


def crawled(client: Client, begin: str) -> tuple[dict[str, int], dict[str, str]]:
    """Open a page and all that it leads to; return the status of each address, and what page led there first."""
    statuses: dict[str, int] = {}
    found_on, waiting = {begin: ""}, [begin]
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        statuses[address] = answer.status_code
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            for link in links_of(address, answer.content.decode()):
                # What a list is ordered or filtered by is no other page.
                if link not in found_on and not ORDERS.search(link):
                    found_on[link] = address
                    waiting.append(link)
    return statuses, found_on


def closed(client: Client, begin: str) -> dict[str, tuple[int, str]]:
    """Return the addresses that do not open though pages link to them, with those pages."""
    statuses, found_on = crawled(client, begin)
    return {link: (status, found_on[link]) for link, status in statuses.items() if status != 200}


@pytest.fixture
def member(client: Client, content: User) -> User:
    user = User.objects.create_user("member", is_staff=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("role", [READERS, OPERATORS, SUPERUSER])
def test_every_link_of_every_page_opens(client: Client, member: User, role: str) -> None:
    call_command("create_roles")
    member.is_superuser = role == SUPERUSER
    member.save()
    member.groups.set(Group.objects.filter(name=role))
    entries_by(member)
    statuses, found_on = crawled(client, "/admin/")
    assert {link: (status, found_on[link]) for link, status in statuses.items() if status != 200} == {}
    rows = {link.split("/")[3] for link in statuses if link.endswith("/change/")}
    assert {"job", "chunk", "transition", "scan", "scanrun", "barseries", "apikey", "modelversion", "logentry"} <= rows


def test_who_may_see_one_kind_of_rows_is_led_to_no_other(client: Client, member: User) -> None:
    wrong: dict[str, tuple[int, str]] = {}
    for model in admin.site._registry:
        meta = model._meta
        view = Permission.objects.filter(content_type__app_label=meta.app_label, codename=f"view_{meta.model_name}")
        member.user_permissions.set(view)
        wrong |= closed(client, f"/admin/{meta.app_label}/{meta.model_name}/")
    assert wrong == {}


def test_what_may_be_opened_is_a_link_and_the_rest_is_text(client: Client, member: User) -> None:
    scan = Scan.objects.get()
    address = f"/admin/scans/scan/{scan.pk}/change/"
    owner = f"/admin/auth/user/{scan.owner_id}/change/"
    member.user_permissions.set(Permission.objects.filter(codename__in=("view_scan", "view_user")))
    assert owner in client.get(address).content.decode()
    member.user_permissions.set(Permission.objects.filter(codename="view_scan"))
    page = client.get(address).content.decode()
    assert owner not in page
    assert re.search(r">\s*admin\s*<", page), "whose it is, is told all the same"
