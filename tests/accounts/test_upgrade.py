"""From the tables of 1.1.0 to these: keys, permissions, sessions and the audit log go on, and so do old processes."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AbstractUser, Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from accounts.models import ApiKey, hashed, new_key
from tests.accounts.test_backends import BEFORE, session
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db(transaction=True)
COUNTS, PAGE = "/api/v1/jobs/counts", "/admin/accounts/apikey/"
ACTIONS = ("add", "change", "delete", "view")


def migrate(*target: str) -> None:
    call_command("migrate", *target, interactive=False, verbosity=0)


def old_keys() -> Any:
    """The model as processes of 1.1.0 know it, which goes by the migrations of then."""
    state = MigrationLoader(connection).project_state([("api", "0001_initial")])
    return state.apps.get_model("api", "ApiKey").objects


def insert_key(owner: AbstractUser) -> str:
    """Return the text of a key that an old process has made."""
    text, prefix, sha256 = new_key()
    names = {"name": "old", "prefix": prefix, "sha256": sha256, "scopes": ["read"]}
    old_keys().create(owner_id=owner.pk, created_at=timezone.now(), **names)
    return text


@pytest.fixture
def before() -> Iterator[None]:
    """The database as 1.1.0 has left it: accounts is unknown, api has the model with its permissions."""
    migrate("accounts", "zero")
    ContentType.objects.filter(app_label="accounts").delete()
    kind = ContentType.objects.create(app_label="api", model="apikey")
    for action in ACTIONS:
        Permission.objects.create(content_type=kind, codename=f"{action}_apikey", name=f"Can {action} API key")
    yield
    migrate()
    ContentType.objects.clear_cache()


@pytest.fixture
def upgraded(before: None, owner: AbstractUser, stranger: AbstractUser) -> SimpleNamespace:
    """A key, a group, a user, a session and a log entry of 1.1.0, after the upgrade."""
    for user in (owner, stranger):
        user.is_staff = True
        user.save()
    permissions = Permission.objects.filter(content_type__app_label="api")
    operators = Group.objects.create(name="operators")
    operators.permissions.set(permissions.filter(codename__in=("view_apikey", "change_apikey")))
    owner.groups.add(operators)
    stranger.user_permissions.set(permissions.filter(codename="view_apikey"))
    key, browser = insert_key(owner), session(owner, BEFORE)
    kind = ContentType.objects.get(app_label="api", model="apikey")
    row = old_keys().get()
    entry = {"object_id": row.pk, "object_repr": "old", "action_flag": CHANGE, "change_message": "Revoked."}
    LogEntry.objects.create(user=owner, content_type=kind, **entry)
    migrate()
    ContentType.objects.clear_cache()
    return SimpleNamespace(key=key, browser=browser, operators=operators)


def allowed(holder: Any) -> set[str]:
    return {f"{one.content_type.app_label}.{one.codename}" for one in holder.select_related("content_type")}


def test_a_key_goes_on(upgraded: SimpleNamespace, anonymous: Caller) -> None:
    assert anonymous.get(COUNTS, Authorization=f"Api-Key {upgraded.key}").status_code == 200


def test_groups_and_users_may_do_what_they_might(upgraded: SimpleNamespace, stranger: AbstractUser) -> None:
    both = {f"{app}.{action}_apikey" for app in ("api", "accounts") for action in ("view", "change")}
    assert allowed(upgraded.operators.permissions) == both
    assert allowed(stranger.user_permissions) == {"api.view_apikey", "accounts.view_apikey"}
    names = Permission.objects.filter(content_type__app_label="accounts").values_list("codename", flat=True)
    assert sorted(names) == [f"{action}_apikey" for action in ACTIONS]


def test_a_session_goes_on_with_its_rights(upgraded: SimpleNamespace) -> None:
    key = ApiKey.objects.get(name="old")
    assert key.prefix in upgraded.browser.get(PAGE).content.decode()
    upgraded.browser.post(PAGE, {"action": "revoke_keys", "_selected_action": [key.pk]})
    assert old_keys().get(pk=key.pk).revoked_at is not None


def test_the_audit_log_leads_to_the_key(upgraded: SimpleNamespace) -> None:
    entry, key = LogEntry.objects.get(), ApiKey.objects.get(name="old")
    assert entry.get_edited_object() == key
    assert entry.get_admin_url() == f"{PAGE}{key.pk}/change/"
    assert entry.get_change_message() == "Revoked."


def test_old_processes_go_on(upgraded: SimpleNamespace, owner: AbstractUser, anonymous: Caller) -> None:
    text, now = insert_key(owner), timezone.now()
    header = {"Authorization": f"Api-Key {text}"}
    assert anonymous.get(COUNTS, **header).status_code == 200
    assert old_keys().filter(sha256=hashed(text)).update(last_used_at=now, revoked_at=now) == 1
    assert anonymous.get(COUNTS, **header).status_code == 401


def test_the_table_is_what_it_was(before: None) -> None:
    with connection.cursor() as cursor:
        was = connection.introspection.get_constraints(cursor, "api_apikey")
        columns = connection.introspection.get_table_description(cursor, "api_apikey")
        migrate()
        assert connection.introspection.get_constraints(cursor, "api_apikey") == was
        assert connection.introspection.get_table_description(cursor, "api_apikey") == columns
    assert "key_expires_after_creation" in was


def test_it_may_run_again(upgraded: SimpleNamespace) -> None:
    was = allowed(upgraded.operators.permissions), Permission.objects.count(), ContentType.objects.count()
    migrate("accounts", "zero")
    migrate()
    assert was == (allowed(upgraded.operators.permissions), Permission.objects.count(), ContentType.objects.count())
    assert ApiKey.objects.filter(name="old").exists()
