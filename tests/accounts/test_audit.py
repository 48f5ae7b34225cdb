"""What staff change is written down, and stays."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractUser, Permission
from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey
from accounts.services.keys import create_key
from tests.api.conftest import Caller
from tests.api.test_jobs import JOBS, run

pytestmark = pytest.mark.django_db(transaction=True)
BARS = {"timeframe": "1d", "time": [1, 2], **{name: [1.0, 1.0] for name in ("open", "high", "low", "close")}}


@pytest.fixture
def staff(django_user_model: Any) -> AbstractUser:
    user: AbstractUser = django_user_model.objects.create_user("staff", password="a long password", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_job"))
    return user


def submitted(caller: Caller) -> dict[str, Any]:
    body = {"analyses": ["sma(2)"], "bars": {**BARS, "time": ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]}}
    job: dict[str, Any] = caller.post(JOBS, {**body, "reuse": False}).json()
    return job


def test_staff_who_act_on_anothers_job_are_written_down(owner: AbstractUser, staff: AbstractUser, broker: Any) -> None:
    job = submitted(Caller(owner))
    answer = Caller(staff, ("admin",)).post(job["links"]["cancel"])
    assert answer.status_code == 200
    assert Caller(staff, ("admin",)).delete(job["links"]["self"]).status_code == 204
    entries = LogEntry.objects.order_by("pk")
    assert [(entry.user, entry.object_id) for entry in entries] == [(staff, job["id"])] * 2
    assert entries[0].change_message == f"Cancelled. API request {answer['X-Request-Id']}."
    assert entries[1].is_deletion()


def test_ones_own_jobs_are_nobody_elses_business(owner: AbstractUser, broker: Any) -> None:
    api = Caller(owner)
    job = submitted(api)
    run(job["id"])
    api.post(job["links"]["cancel"])
    api.delete(job["links"]["self"])
    assert not LogEntry.objects.exists()


def test_actions_in_the_admin_are_written_down(admin_client: Client, owner: AbstractUser, broker: Any) -> None:
    job = submitted(Caller(owner))
    create_key(owner=owner, name="old", scopes=("read",), now=timezone.now())
    key = ApiKey.objects.get(name="old")
    for page, action, row in (("jobs/job", "cancel_jobs", job["id"]), ("accounts/apikey", "revoke_keys", key.pk)):
        admin_client.post(f"/admin/{page}/", {"action": action, "_selected_action": [str(row)]})
    assert [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")] == ["Cancelled.", "Revoked."]


def test_the_log_is_read_and_not_written(admin_client: Client, owner: AbstractUser, broker: Any) -> None:
    job = submitted(Caller(owner))
    admin_client.post("/admin/jobs/job/", {"action": "cancel_jobs", "_selected_action": [job["id"]]})
    entry = LogEntry.objects.get()
    page = "/admin/admin/logentry/"
    assert job["id"] in admin_client.get(page).content.decode()
    assert admin_client.post(f"{page}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin_client.post(f"{page}{entry.pk}/change/", {"change_message": "nothing"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [str(entry.pk)], "post": "yes"}
    admin_client.post(page, action)
    assert LogEntry.objects.filter(pk=entry.pk).exists()
