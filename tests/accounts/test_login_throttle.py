"""Who guesses has to wait."""

from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.test import RequestFactory

from accounts.login_throttle import address_of
from tests.api.conftest import Caller, problem

TOKEN = "/api/v1/token"
RIGHT = {"username": "owner", "password": "a long password"}
WRONG = {**RIGHT, "password": "a wrong password"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _locks(cache: Any, settings: Any) -> None:
    settings.LOGIN_FAILURES = 3


def test_after_too_many_wrong_passwords_even_the_right_one_waits(owner: AbstractUser, anonymous: Caller) -> None:
    for _ in range(3):
        problem(anonymous.post(TOKEN, WRONG), 401)
    answer = anonymous.post(TOKEN, RIGHT)
    problem(answer, 429, "too_many_failures")
    assert answer["Retry-After"] == "300"


def test_another_name_and_another_address_are_not_locked(
    owner: AbstractUser, stranger: AbstractUser, anonymous: Caller
) -> None:
    for _ in range(4):
        anonymous.post(TOKEN, WRONG)
    assert anonymous.post(TOKEN, {**RIGHT, "username": "stranger"}).status_code == 200
    elsewhere = anonymous.client.post(TOKEN, data=RIGHT, content_type="application/json", REMOTE_ADDR="192.0.2.1")
    assert elsewhere.status_code == 200


def test_the_right_password_ends_the_count(owner: AbstractUser, anonymous: Caller) -> None:
    for _ in range(3):
        assert anonymous.post(TOKEN, WRONG).status_code == 401
        anonymous.post(TOKEN, WRONG)
        assert anonymous.post(TOKEN, RIGHT).status_code == 200


def test_the_admin_is_locked_as_well(owner: AbstractUser, anonymous: Caller) -> None:
    owner.is_staff = True
    owner.save()
    form = {"username": "owner", "password": "a long password"}
    for _ in range(3):
        anonymous.client.post("/admin/login/", {**form, "password": "wrong"})
    answer = anonymous.client.post("/admin/login/?next=/admin/", form)
    assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    problem(anonymous.post(TOKEN, RIGHT), 429, "too_many_failures")


def test_wrong_keys_are_refused_more_briefly_but_a_right_one_works(api: Caller, anonymous: Caller) -> None:
    anonymous.headers["Authorization"] = f"Api-Key gta_{'0' * 12}_{'x' * 43}"
    codes = [anonymous.get("/api/v1/jobs").status_code for _ in range(5)]
    assert codes == [401, 401, 401, 429, 429]
    assert api.get("/api/v1/jobs").status_code == 200


def test_a_forwarded_address_counts_only_behind_a_proxy(owner: AbstractUser, anonymous: Caller, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 0
    codes = [anonymous.post(TOKEN, WRONG, X_Forwarded_For=f"192.0.2.{n}").status_code for n in range(5)]
    assert codes == [401, 401, 401, 429, 429]
    settings.TRUSTED_PROXIES = 1
    assert anonymous.post(TOKEN, WRONG, X_Forwarded_For="203.0.113.9, 192.0.2.77").status_code == 401


def test_behind_a_proxy_each_client_is_counted_alone(owner: AbstractUser, anonymous: Caller, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    for n in range(5):  # whatever a client writes before what the proxy adds
        code = anonymous.post(TOKEN, WRONG, X_Forwarded_For=f"192.0.2.{n}, 198.51.100.7").status_code
        assert code == (401 if n < 3 else 429)
    assert anonymous.post(TOKEN, RIGHT, X_Forwarded_For="198.51.100.8").status_code == 200
    problem(anonymous.post(TOKEN, RIGHT, X_Forwarded_For="198.51.100.7"), 429, "too_many_failures")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "198.51.100.7", "10.0.0.9"),
        (1, "", "10.0.0.9"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.1,198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.1, 198.51.100.7 ", "198.51.100.7"),
        (1, "198.51.100.7:4711", "198.51.100.7"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "[2001:DB8:0::7]:4711", "2001:db8::7"),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.1, 198.51.100.7, 192.0.2.1", "198.51.100.7"),
        (2, "198.51.100.7, 192.0.2.1", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.9"),  # it did not come through both
        (3, "198.51.100.7, 192.0.2.1", "10.0.0.9"),
        *(
            (1, text, "10.0.0.9")
            for text in ("unknown", "_hidden", "198.51.100.7,", "1.2.3", "١٩٨.51.100.7", "a" * 9_000)
        ),
        *(
            (1, text, "10.0.0.9")
            for text in ("198.51.100.7/24", "198.51.100.7:x", "fe80::1%eth0", "[::1", "0x7f000001")
        ),
    ],
)
def test_which_address_is_counted(settings: Any, proxies: int, forwarded: str, counted: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request) == counted
