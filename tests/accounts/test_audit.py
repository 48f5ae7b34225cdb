"""What staff change is written down, and stays."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.auth.models import AbstractUser, Permission
from django.contrib.contenttypes.models import ContentType
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


LOG = "/admin/admin/logentry/"


def test_the_log_speaks_in_plain_words(admin_client: Client, admin_user: AbstractUser) -> None:
    assert "0 entries" in " ".join(admin_client.get(LOG).content.decode().split())
    create_key(owner=admin_user, name="old", scopes=("read",), now=timezone.now())
    key = ApiKey.objects.get()
    admin_client.post("/admin/accounts/apikey/", {"action": "revoke_keys", "_selected_action": [key.pk]})
    page = " ".join(admin_client.get(LOG).content.decode().split())
    assert "1 entry" in page
    entry = LogEntry.objects.get()
    shown = page + admin_client.get(f"{LOG}{entry.pk}/change/").content.decode()
    heads = re.findall(r'data-label="([^"]*)"', page)
    assert [one.lower() for one in dict.fromkeys(heads)] == ["when", "who", "did", "kind", "which", "what"]
    for word in ("Content type", "Object repr", "Object id", "Action flag", "content type", "action flag", "[{"):
        assert word not in shown, word
    counted = {kind.name: pk for pk, kind in ContentType.objects.in_bulk().items()}
    for chosen, said in ((counted["API key"], "1 entry"), (counted["scan"], "0 entries"), ("x", "1 entry")):
        assert said in " ".join(admin_client.get(f"{LOG}?kind={chosen}").content.decode().split())
    LogEntry.objects.create(user=admin_user, action_flag=2, object_repr="gone", change_message="Revoked.")
    assert "2 entries" in " ".join(admin_client.get(LOG).content.decode().split())


def test_an_entry_leads_to_what_it_is_of_for_who_may_open_that(client: Client, admin_user: Any, staff: Any) -> None:
    entry = LogEntry.objects.log_actions(admin_user.pk, [admin_user], CHANGE, "Changed.", single_object=True)
    page, row = f"{LOG}{entry.pk}/change/", f'href="/admin/auth/user/{admin_user.pk}/change/"'
    client.force_login(admin_user)
    assert client.get(page).content.decode().count(row) == 2, "who it was, and what it was done to"
    gone = LogEntry.objects.log_actions(admin_user.pk, [admin_user], DELETION, "", single_object=True)
    assert client.get(f"{LOG}{gone.pk}/change/").content.decode().count(row) == 1
    client.force_login(staff)
    staff.user_permissions.add(Permission.objects.get(codename="view_logentry"))
    text = client.get(page).content.decode()
    assert row not in text
    assert "admin" in text
