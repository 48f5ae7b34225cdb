"""Keys that staff make in the admin, and what the roles may."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiKey
from accounts.roles import OPERATORS, READERS
from accounts.services.keys import find_key

ADD = "/admin/accounts/apikey/add/"


@pytest.fixture
def member(db: None, client: Client) -> User:
    """Somebody of the staff who is logged in and may nothing yet."""
    user = User.objects.create_user("member", is_staff=True)
    client.force_login(user)
    return user


def made(page: str) -> str:
    found = re.search(r'<pre id="key"[^>]*>(gta_[^<]+)</pre>', page)
    assert found
    return found[1]


def form(whose: User, **changed: Any) -> dict[str, Any]:
    return {"name": "notebook", "owner": whose.pk, "scopes": ["read"], "days": "30", **changed}


def test_a_key_is_made_and_shown_once(admin_client: Client, admin_user: User) -> None:
    assert "for ever" in admin_client.get(ADD).content.decode()
    answer = admin_client.post(ADD, form(admin_user))
    key = find_key(made(answer.content.decode()), now=timezone.now())
    assert key is not None
    assert (key.owner_id, key.scopes, key.name) == (admin_user.pk, ["read"], "notebook")
    assert key.expires_at is not None
    assert "no-store" in answer["Cache-Control"]
    assert LogEntry.objects.get(object_id=str(key.pk)).user_id == admin_user.pk
    for path in ("", f"{key.pk}/change/"):
        page = admin_client.get(f"/admin/accounts/apikey/{path}").content.decode()
        assert key.sha256 not in page
        assert re.search(r">\s*read\s*<", page), "its scopes, in words"


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["root"]}, {"days": "-1"}, {"owner": 0}, {"name": "x" * 101}]
)
def test_a_form_that_is_wrong_makes_no_key(admin_client: Client, admin_user: User, wrong: dict[str, Any]) -> None:
    assert admin_client.post(ADD, form(admin_user, **wrong)).status_code == 200
    assert not ApiKey.objects.exists()


def test_a_script_in_a_name_is_shown_as_text(admin_client: Client, admin_user: User) -> None:
    page = admin_client.post(ADD, form(admin_user, name="<script>alert(1)</script>")).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page + admin_client.get("/admin/accounts/apikey/").content.decode()


def test_staff_make_keys_only_if_they_may_and_only_their_own(client: Client, member: User, admin_user: User) -> None:
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, form(member)).status_code == 403
    member.user_permissions.add(Permission.objects.get(codename="add_apikey"))
    assert client.post(ADD, form(admin_user)).status_code == 200
    assert not ApiKey.objects.exists()
    assert made(client.post(ADD, form(member)).content.decode())


def pages() -> list[str]:
    return [
        reverse(f"admin:{name}_changelist")
        for name in (
            *("jobs_job", "jobs_chunk", "jobs_transition", "jobs_storageuse", "jobs_tombstone", "scans_scan"),
            *("scans_scanrun", "market_instrument", "market_barseries", "market_universe", "forecasts_modelversion"),
            *("notifications_message", "accounts_apikey", "admin_logentry"),
        )
    ]


@pytest.mark.parametrize("role", [READERS, OPERATORS])
def test_a_role_sees_everything_and_no_users(client: Client, member: User, broker: Any, role: str) -> None:
    call_command("create_roles")
    member.groups.add(Group.objects.get(name=role))
    assert {path: client.get(path).status_code for path in pages()} == dict.fromkeys(pages(), 200)
    assert 'id="figures"' in client.get("/admin/").content.decode()
    assert client.get("/admin/auth/user/").status_code == 403


def test_readers_change_nothing(client: Client, member: User) -> None:
    call_command("create_roles")
    member.groups.add(Group.objects.get(name=READERS))
    assert not {one for one in member.get_all_permissions() if ".view_" not in one}
    for path in ("/admin/scans/scan/add/", ADD, "/admin/django_celery_beat/crontabschedule/add/"):
        assert client.get(path).status_code == 403


def test_operators_write_scans_and_keys_and_no_users(client: Client, member: User) -> None:
    call_command("create_roles")
    member.groups.add(Group.objects.get(name=OPERATORS))
    for path in ("/admin/scans/scan/add/", ADD, "/admin/django_celery_beat/crontabschedule/add/"):
        assert client.get(path).status_code == 200
    assert client.get("/admin/auth/user/add/").status_code == 403


def test_roles_are_made_twice_and_stay_as_staff_have_extended_them(db: None) -> None:
    call_command("create_roles")
    more = Permission.objects.get(codename="view_user")
    Group.objects.get(name=READERS).permissions.add(more)
    call_command("create_roles")
    assert more in Group.objects.get(name=READERS).permissions.all()
    assert Group.objects.count() == 2
