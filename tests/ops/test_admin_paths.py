"""The path on top of a page of the admin: names are written as they are, and nothing stands there twice."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule

from jobs.models import Chunk
from jobs.requests import JobRequest
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from ops.templatetags.ops_figures import path
from scans.models import Scan
from tests.bars import random_walk
from tests.ops.test_admin_menu import all_items

pytestmark = pytest.mark.django_db


def path_of(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    heading = page[page.index("<h1") : page.index("</h1>")]
    return re.findall(r"truncate tracking-tight\">([^<]*)</", heading)


def test_a_scan_keeps_its_name(admin_client: Client, admin_user: User) -> None:
    hourly = IntervalSchedule.objects.create(every=1, period="hours")
    scan = Scan.objects.create(owner=admin_user, name="evening", universe="u", analyses=["rsi"], interval=hourly)
    assert path_of(admin_client, f"/admin/scans/scan/{scan.pk}/change/") == ["Scans", "evening"]
    assert path_of(admin_client, f"/admin/auth/user/{admin_user.pk}/change/")[-1] == "admin"


def test_a_result_table_says_whose_it_is(admin_client: Client, admin_user: User, broker: Any) -> None:
    job = submit(owner=admin_user, request=JobRequest(analyses=["rsi"], bars=random_walk(60)), now=timezone.now())
    run_chunk(Chunk.objects.get(job=job).pk, clock=timezone.now)
    assert path_of(admin_client, f"/admin/jobs/job/{job.pk}/table/") == ["Jobs", str(job.pk), "Result table"]
    assert path_of(admin_client, f"/admin/jobs/job/{job.pk}/change/") == ["Jobs", str(job.pk)]
    assert path_of(admin_client, "/admin/jobs/job/") == ["Jobs"]


def test_the_audit_log_is_called_so_everywhere(admin_client: Client) -> None:
    assert path_of(admin_client, "/admin/admin/logentry/")[-1] == "Audit log"
    home = admin_client.get("/admin/").content.decode()
    assert "Audit log" in home
    assert "log entries" not in home.lower()


def test_no_list_has_a_name_twice_in_its_path(admin_client: Client, broker: Any) -> None:
    for model in admin.site._registry:
        shown = path_of(admin_client, f"/admin/{model._meta.app_label}/{model._meta.model_name}/")
        assert shown, model
        assert len(set(shown)) == len(shown), shown


def test_the_menu_calls_a_page_as_the_page_does(admin_client: Client, broker: Any) -> None:
    lists = {link: title for link, title in all_items().items() if link.startswith("/admin/")}
    assert {link: path_of(admin_client, link)[-1] for link in lists} == lists


def test_a_refusal_says_what_it_is(admin_client: Client) -> None:
    assert path_of(admin_client, "/admin/nothing/") == ["Nothing is here"]


def test_a_path_leads_to_the_rows_and_escapes_nothing_itself() -> None:
    parts = [{"link": "/app", "title": "jobs"}, {"link": "/rows", "title": "Jobs"}, {"title": User(username="<i>")}]
    assert path(parts) == [{"link": "/rows", "title": "Jobs"}, {"link": None, "title": "<i>"}]
