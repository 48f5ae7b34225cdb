"""Tokens end with the password, with the user, and when their user says so."""

from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractUser, User
from django.core.management import call_command
from django.test import Client
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import ApiKey
from accounts.services import tokens
from accounts.services.credentials import sign_out_everywhere
from tests.api.conftest import Caller, problem

COUNTS, REVOKE, REFRESH = "/api/v1/jobs/counts", "/api/v1/token/revoke", "/api/v1/token/refresh"
NEW = "another long password"


@pytest.fixture(autouse=True)
def _warm(settings: Any) -> Iterator[None]:
    """Keep what was read for long: what ends here must not wait for it."""
    settings.API_KEY_CACHE_SECONDS = 60
    tokens.recent.forget()
    yield
    tokens.recent.forget()


def pair_of(anonymous: Caller, password: str = "a long password") -> dict[str, str]:
    answer = anonymous.post("/api/v1/token", {"username": "owner", "password": password})
    assert answer.status_code == 200
    pair: dict[str, str] = answer.json()
    assert anonymous.get(COUNTS, Authorization=f"Bearer {pair['access']}").status_code == 200
    return pair


def demand_dead(anonymous: Caller, pair: dict[str, str]) -> None:
    problem(anonymous.get(COUNTS, Authorization=f"Bearer {pair['access']}"), 401, "token_not_valid")
    problem(anonymous.post(REFRESH, {"refresh": pair["refresh"]}), 401, "token_not_valid")


def by_saving(owner: AbstractUser, admin: Client) -> None:
    owner.set_password(NEW)
    owner.save()


def by_saving_one_field(owner: AbstractUser, admin: Client) -> None:
    owner.set_password(NEW)
    owner.save(update_fields=["password"])


def by_command(owner: AbstractUser, admin: Client) -> None:
    with patch("getpass.getpass", return_value=NEW):
        call_command("changepassword", "owner", stdout=StringIO())


def by_admin(owner: AbstractUser, admin: Client) -> None:
    given = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    page = admin.post(f"/admin/auth/user/{owner.pk}/password/", given)
    assert page.status_code == 302, page.content.decode()


def by_disabling(owner: AbstractUser, admin: Client) -> None:
    owner.is_active = False
    owner.save()


def by_deleting(owner: AbstractUser, admin: Client) -> None:
    owner.delete()


def by_signing_out(owner: AbstractUser, admin: Client) -> None:
    sign_out_everywhere(owner)


def by_signing_out_in_the_admin(owner: AbstractUser, admin: Client) -> None:
    page = admin.post("/admin/auth/user/", {"action": "sign_out", "_selected_action": [owner.pk]})
    assert page.status_code == 302
    assert LogEntry.objects.filter(object_id=str(owner.pk), change_message="Signed out everywhere.").exists()


WAYS = (
    *(by_saving, by_saving_one_field, by_command, by_admin),
    *(by_disabling, by_deleting, by_signing_out, by_signing_out_in_the_admin),
)


@pytest.mark.parametrize("way", WAYS)
def test_both_tokens_end_at_once(
    way: Callable[[AbstractUser, Client], None],
    owner: AbstractUser,
    anonymous: Caller,
    admin_client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    pair = pair_of(anonymous)
    with django_capture_on_commit_callbacks(execute=True):
        way(owner, admin_client)
    demand_dead(anonymous, pair)


def test_a_password_that_is_written_past_django_ends_them_when_the_user_is_read_again(
    owner: AbstractUser, anonymous: Caller, settings: Any
) -> None:
    pair = pair_of(anonymous)
    User.objects.filter(pk=owner.pk).update(password="!")
    settings.API_KEY_CACHE_SECONDS = 0
    demand_dead(anonymous, pair)


def test_new_tokens_work_after_the_old_ones_were_ended(
    owner: AbstractUser, anonymous: Caller, django_capture_on_commit_callbacks: Any
) -> None:
    first = pair_of(anonymous)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            sign_out_everywhere(owner)
    second = pair_of(anonymous)
    demand_dead(anonymous, first)
    renewed = anonymous.post(REFRESH, {"refresh": second["refresh"]})
    assert renewed.status_code == 200
    assert anonymous.get(COUNTS, Authorization=f"Bearer {renewed.json()['access']}").status_code == 200


def test_the_user_of_a_token_is_not_read_again_within_the_bound(
    owner: AbstractUser, anonymous: Caller, django_assert_num_queries: Any
) -> None:
    bearer = f"Bearer {pair_of(anonymous)['access']}"
    with django_assert_num_queries(1):  # the counts themselves
        assert anonymous.get(COUNTS, Authorization=bearer).status_code == 200


def test_one_signs_oneself_out_and_it_is_written_down(
    owner: AbstractUser, stranger: AbstractUser, anonymous: Caller, django_capture_on_commit_callbacks: Any
) -> None:
    pair = pair_of(anonymous)
    other = anonymous.post("/api/v1/token", {"username": "stranger", "password": "a long password"}).json()
    with django_capture_on_commit_callbacks(execute=True):
        assert anonymous.post(REVOKE, None, Authorization=f"Bearer {pair['access']}").status_code == 204
    demand_dead(anonymous, pair)
    assert anonymous.get(COUNTS, Authorization=f"Bearer {other['access']}").status_code == 200
    entry = LogEntry.objects.get()
    assert (entry.user_id, entry.object_id) == (owner.pk, str(owner.pk))
    assert entry.change_message.startswith("Signed out everywhere. API request ")


def test_only_a_key_with_all_rights_signs_its_owner_out(owner: AbstractUser, anonymous: Caller) -> None:
    problem(anonymous.post(REVOKE, None), 401, "not_authenticated")
    problem(Caller(owner, ("read", "submit")).post(REVOKE, None), 403, "scope_missing")
    chief = Caller(owner, ("admin",))
    assert chief.post(REVOKE, None).status_code == 204
    assert chief.get(COUNTS).status_code == 200, "keys are revoked one by one"
    assert not ApiKey.objects.filter(revoked_at__isnull=False).exists()


def test_sessions_in_the_admin_end_as_well(admin_user: AbstractUser, owner: AbstractUser, client: Client) -> None:
    mine, others = Client(), Client()
    mine.force_login(admin_user)
    others.force_login(owner)
    sign_out_everywhere(owner)
    assert mine.get("/admin/").status_code == 200
    sign_out_everywhere(admin_user)
    assert mine.get("/admin/").status_code == 302


@pytest.mark.parametrize("stamp", ["0" * 32, "", 7, None, ["x"]])
def test_a_forged_stamp_is_no_good(owner: AbstractUser, anonymous: Caller, stamp: Any) -> None:
    sign_out_everywhere(owner)
    token = RefreshToken.for_user(owner)
    token["stamp"] = stamp
    demand_dead(anonymous, {"access": str(token.access_token), "refresh": str(token)})


def test_tokens_of_the_release_before_work_until_all_are_ended(
    owner: AbstractUser, anonymous: Caller, django_capture_on_commit_callbacks: Any
) -> None:
    old = RefreshToken.for_user(owner)
    assert anonymous.get(COUNTS, Authorization=f"Bearer {old.access_token}").status_code == 200
    renewed = anonymous.post(REFRESH, {"refresh": str(old)}).json()
    another = RefreshToken.for_user(owner)
    with django_capture_on_commit_callbacks(execute=True):
        owner.set_password(NEW)
        owner.save()
    demand_dead(anonymous, renewed)
    with django_capture_on_commit_callbacks(execute=True):
        sign_out_everywhere(owner)
    demand_dead(anonymous, {"access": str(another.access_token), "refresh": str(another)})
