"""Logging in by password: once hashed, and sessions of the release before go on."""

from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory

BEFORE, NOW = "api.backends.GuardedBackend", "accounts.backends.GuardedBackend"


class Counting(MD5PasswordHasher):
    """The tests' hasher, which counts."""

    count = 0

    def encode(self, password: str, salt: str) -> str:
        Counting.count += 1
        return super().encode(password, salt)


def session(user: AbstractUser, backend: str) -> Client:
    """Return a browser with a session that was begun with this backend."""
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), backend
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    browser = Client()
    browser.cookies["sessionid"] = store.session_key
    return browser


@pytest.mark.parametrize("backend", [BEFORE, NOW])
def test_a_session_is_known_by_either_path(admin_user: AbstractUser, backend: str) -> None:
    browser = session(admin_user, backend)
    assert browser.get("/admin/").status_code == 200
    admin_user.is_active = False
    admin_user.save()
    assert browser.get("/admin/").status_code == 302


def test_a_new_session_names_the_new_path(admin_user: AbstractUser) -> None:
    browser = Client()
    browser.post("/admin/login/", {"username": "admin", "password": "password"})
    assert browser.session[BACKEND_SESSION_KEY] == NOW


@pytest.mark.parametrize("name", ["owner", "nobody"])
def test_a_wrong_password_is_hashed_once(owner: AbstractUser, settings: Any, name: str) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    Counting.count = 0
    assert authenticate(RequestFactory().get("/"), username=name, password="wrong") is None
    assert Counting.count == 1


def test_a_wrong_password_counts_once(owner: AbstractUser, settings: Any, cache: Any) -> None:
    settings.LOGIN_FAILURES = 2
    request = RequestFactory().get("/")
    assert authenticate(request, username="owner", password="wrong") is None
    assert authenticate(request, username="owner", password="a long password") == owner
