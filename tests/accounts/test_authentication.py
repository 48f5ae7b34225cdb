"""Who gets in, as whom, and what a key allows."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey
from accounts.services.keys import create_key, find_key, revoke
from tests.api.conftest import Caller, faults, problem

COUNTS = "/api/v1/jobs/counts"


def test_without_credentials_both_ways_in_are_named(anonymous: Caller) -> None:
    response = anonymous.get(COUNTS)
    problem(response, 401, "not_authenticated")
    assert "Api-Key" in response["WWW-Authenticate"]
    assert "Bearer" in response["WWW-Authenticate"]


@pytest.mark.parametrize(
    "header",
    [
        "Api-Key",
        "Api-Key nonsense",
        "Api-Key gta_000000000000_" + "a" * 43,
        "Api-Key " + "g" * 10_000,
        "Bearer nonsense",
        "Bearer a b",
        "Basic b3duZXI6eA==",
        "Bearer eyJhbGciOiJub25lIn0.eyJ1c2VyX2lkIjoxfQ.",
    ],
)
def test_bad_credentials(anonymous: Caller, header: str) -> None:
    problem(anonymous.get(COUNTS, Authorization=header), 401)


def test_a_key_lets_its_owner_in(api: Caller) -> None:
    assert api.get(COUNTS).status_code == 200


def test_an_expired_a_revoked_and_a_disabled_users_key_stay_out(owner: AbstractUser, anonymous: Caller) -> None:
    now = timezone.now()
    long_ago = now - timedelta(days=9)
    expired = create_key(
        owner=owner, name="old", scopes=["read"], now=long_ago, expires_at=now - timedelta(days=1)
    ).text
    revoked = create_key(owner=owner, name="lost", scopes=["read"], now=now).text
    revoke([ApiKey.objects.get(name="lost").pk], now=now)
    good = create_key(owner=owner, name="good", scopes=["read"], now=now).text
    for key in (expired, revoked):
        problem(anonymous.get(COUNTS, Authorization=f"Api-Key {key}"), 401, "invalid_api_key")
    assert anonymous.get(COUNTS, Authorization=f"Api-Key {good}").status_code == 200
    owner.is_active = False
    owner.save()
    problem(anonymous.get(COUNTS, Authorization=f"Api-Key {good}"), 401, "invalid_api_key")


def test_only_the_hash_of_a_key_is_kept(owner: AbstractUser) -> None:
    key = create_key(owner=owner, name="n", scopes=["read"], now=timezone.now()).text
    stored = ApiKey.objects.values_list().get(name="n")
    assert key not in map(str, stored)
    assert key.split("_", 2)[2] not in " ".join(map(str, stored))


def test_last_use_is_noted_coarsely(owner: AbstractUser) -> None:
    now = timezone.now()
    text = create_key(owner=owner, name="n", scopes=["read"], now=now).text
    for seconds, noted in ((0, 0), (60, 0), (301, 301)):
        assert find_key(text, now=now + timedelta(seconds=seconds)) is not None
        assert ApiKey.objects.get(name="n").last_used_at == now + timedelta(seconds=noted)


def test_a_scope_that_is_missing_is_named(owner: AbstractUser) -> None:
    reader, writer = Caller(owner, ("read",)), Caller(owner, ("submit",))
    problem(reader.post("/api/v1/jobs", {}), 403, "scope_missing")
    problem(writer.get(COUNTS), 403, "scope_missing")
    assert Caller(owner, ("admin",)).get(COUNTS).status_code == 200


def test_a_token_lets_its_user_in_and_is_renewed(owner: AbstractUser, anonymous: Caller) -> None:
    pair = anonymous.post("/api/v1/token", {"username": "owner", "password": "a long password"})
    assert pair.status_code == 200
    bearer = f"Bearer {pair.json()['access']}"
    assert anonymous.get(COUNTS, Authorization=bearer).status_code == 200
    fresh = anonymous.post("/api/v1/token/refresh", {"refresh": pair.json()["refresh"]})
    assert anonymous.get(COUNTS, Authorization=f"Bearer {fresh.json()['access']}").status_code == 200
    refused = anonymous.get(COUNTS, Authorization=f"Bearer {pair.json()['refresh']}")
    problem(refused, 401, "token_not_valid")


def test_wrong_passwords_and_tokens(owner: AbstractUser, anonymous: Caller) -> None:
    for name, password in (("owner", "wrong"), ("nobody", "a long password")):
        response = anonymous.post("/api/v1/token", {"username": name, "password": password})
        problem(response, 401, "no_active_account")
        assert "WWW-Authenticate" in response
    problem(anonymous.post("/api/v1/token/refresh", {"refresh": "nonsense"}), 401, "token_not_valid")
    wrong = anonymous.post("/api/v1/token", {"username": 5, "secret": "x"})
    assert faults(wrong) == {("/username", "wrong_type"), ("/password", "missing"), ("/secret", "unknown_field")}


def test_the_refresh_token_of_a_deleted_user_is_no_good(owner: AbstractUser, anonymous: Caller) -> None:
    pair = anonymous.post("/api/v1/token", {"username": "owner", "password": "a long password"}).json()
    ApiKey.objects.all().delete()
    owner.delete()
    problem(anonymous.post("/api/v1/token/refresh", {"refresh": pair["refresh"]}), 401, "token_not_valid")


def test_the_command_prints_a_key_that_works(owner: AbstractUser, anonymous: Caller) -> None:
    printed = StringIO()
    call_command("create_api_key", "owner", "--name", "ci", "--scopes", "read", "--days", "3", stdout=printed)
    assert anonymous.get(COUNTS, Authorization=f"Api-Key {printed.getvalue().strip()}").status_code == 200
    for arguments in (["nobody"], ["owner", "--scopes", "root"], ["owner", "--days", "0"]):
        with pytest.raises(CommandError):
            call_command("create_api_key", *arguments)


def test_the_admin_shows_no_secret_and_revokes(owner: AbstractUser, admin_client: Client) -> None:
    text = create_key(owner=owner, name="shown", scopes=["read"], now=timezone.now()).text
    key = ApiKey.objects.get(name="shown")
    for path in ("/admin/accounts/apikey/", f"/admin/accounts/apikey/{key.pk}/change/"):
        page = admin_client.get(path)
        assert page.status_code == 200
        assert key.sha256 not in page.content.decode()
    admin_client.post("/admin/accounts/apikey/", {"action": "revoke_keys", "_selected_action": [key.pk]})
    assert find_key(text, now=timezone.now()) is None


def test_a_key_just_seen_is_not_read_again_and_its_revocation_here_counts_at_once(
    owner: AbstractUser, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.API_KEY_CACHE_SECONDS, now = 60, timezone.now()
    text = create_key(owner=owner, name="warm", scopes=["read"], now=now).text
    assert find_key(text, now=now) is not None
    with django_assert_num_queries(0):
        assert find_key(text, now=now) is not None
    revoke([ApiKey.objects.get(name="warm").pk], now=now)
    assert find_key(text, now=now) is None


def test_a_key_just_seen_still_expires_in_time(owner: AbstractUser, settings: Any) -> None:
    settings.API_KEY_CACHE_SECONDS, now = 60, timezone.now()
    soon = now + timedelta(seconds=1)
    text = create_key(owner=owner, name="brief", scopes=["read"], now=now, expires_at=soon).text
    assert find_key(text, now=now) is not None
    assert find_key(text, now=soon) is None


def test_a_refresh_token_works_once(owner: AbstractUser, anonymous: Caller) -> None:
    pair = anonymous.post("/api/v1/token", {"username": "owner", "password": "a long password"}).json()
    renewed = anonymous.post("/api/v1/token/refresh", {"refresh": pair["refresh"]}).json()
    problem(anonymous.post("/api/v1/token/refresh", {"refresh": pair["refresh"]}), 401, "token_not_valid")
    assert anonymous.post("/api/v1/token/refresh", {"refresh": renewed["refresh"]}).status_code == 200
    assert anonymous.get(COUNTS, Authorization=f"Bearer {renewed['access']}").status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {"Authorization": "Api-Key {}"},
        {"Authorization": "  api-key   {} "},
        {"Authorization": "{}"},
        {"Authorization": "Bearer {}"},
        {"X-API-Key": "{}"},
        {"X-API-Key": "Api-Key {}"},
    ],
)
def test_a_key_is_taken_as_people_paste_it(anonymous: Caller, owner: AbstractUser, form: dict[str, str]) -> None:
    key = create_key(owner=owner, name="test", scopes=("read",), now=timezone.now()).text
    anonymous.headers = {name: text.format(key) for name, text in form.items()}
    assert anonymous.get(COUNTS).status_code == 200
    anonymous.headers = {name: text.format(key[:-1] + ".") for name, text in form.items()}
    problem(anonymous.get(COUNTS), 401, "invalid_api_key")


def test_credentials_in_authorization_come_before_another_header(anonymous: Caller, owner: AbstractUser) -> None:
    key = create_key(owner=owner, name="test", scopes=("read",), now=timezone.now()).text
    anonymous.headers = {"Authorization": "Bearer nonsense", "X-API-Key": key}
    assert anonymous.get(COUNTS).status_code == 401
