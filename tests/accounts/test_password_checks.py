"""Passwords that come all at once: few are checked, fewer at a time, and the others are answered at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import AbstractUser
from django.db import connections
from django.test import Client

from accounts import password_checks
from api import receiving
from api.receiving import Places

TOKEN, ADMIN = "/api/v1/token", "/admin/login/"
RIGHT = {"username": "owner", "password": "a long password"}
WRONG = {**RIGHT, "password": "a wrong password"}
CROWD, FAILURES, PATIENCE = 50, 6, 60

pytestmark = pytest.mark.django_db(transaction=True)


class Slow(MD5PasswordHasher):
    """The tests' hasher, which takes its time and counts how many it has and had."""

    lock = threading.Lock()
    seen: ClassVar[dict[str, int]] = {}

    def verify(self, password: str, encoded: str) -> bool:
        with self.lock:
            self.seen["all"] += 1
            self.seen["now"] += 1
            self.seen["most"] = max(self.seen["most"], self.seen["now"])
        time.sleep(0.1)
        with self.lock:
            self.seen["now"] -= 1
        return super().verify(password, encoded)


@pytest.fixture(autouse=True)
def seen(
    owner: AbstractUser, cache: Any, broker: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> dict[str, int]:
    # However slow the machine is, the whole crowd is received, and nobody's check begins too late.
    room = Places(CROWD, share=CROWD, waiting=CROWD, most_bytes=1 << 20, wait_seconds=PATIENCE)
    monkeypatch.setattr(receiving, "unknown", room)
    monkeypatch.setattr(password_checks, "WAIT_SECONDS", PATIENCE)
    settings.LOGIN_FAILURES = FAILURES
    settings.PASSWORD_HASHERS = [f"{__name__}.Slow"]
    Slow.seen.update(all=0, now=0, most=0)
    return Slow.seen


def send(route: str, told: dict[str, str], address: str) -> tuple[int, str, float]:
    """Return status, Retry-After and seconds of one login."""
    kind = "application/json" if route == TOKEN else "application/x-www-form-urlencoded"
    data: Any = told if route == TOKEN else "&".join(f"{name}={value}" for name, value in told.items())
    began = time.monotonic()
    answer = Client(raise_request_exception=False).post(route, data, content_type=kind, REMOTE_ADDR=address)
    connections.close_all()
    return answer.status_code, answer.get("Retry-After", ""), time.monotonic() - began


def crowd(route: str, addresses: list[str]) -> list[tuple[int, str, float]]:
    barrier = threading.Barrier(CROWD)

    def one(n: int) -> tuple[int, str, float]:
        barrier.wait()
        return send(route, WRONG, addresses[n % len(addresses)])

    with ThreadPoolExecutor(CROWD) as threads:
        return list(threads.map(one, range(CROWD)))


@pytest.mark.parametrize(("route", "wrong", "right"), [(TOKEN, 401, 200), (ADMIN, 200, 302)])
def test_a_crowd_from_one_address(
    owner: AbstractUser, seen: dict[str, int], route: str, wrong: int, right: int
) -> None:
    type(owner)._default_manager.filter(pk=owner.pk).update(is_staff=True)
    answers = crowd(route, ["192.0.2.1"])
    assert {status for status, _, _ in answers} == {wrong, 429}
    assert sum(status == wrong for status, _, _ in answers) == seen["all"] == FAILURES
    assert seen["most"] == password_checks.AT_ONCE
    assert {wait for status, wait, _ in answers if status == 429} == {"300"}
    assert send(route, RIGHT, "192.0.2.1")[0] == 429
    assert send(route, RIGHT, "192.0.2.2")[0] == right


@pytest.mark.parametrize(("route", "wrong"), [(TOKEN, 401), (ADMIN, 200)])
def test_a_crowd_from_many_addresses_waits_briefly_or_is_sent_away(
    seen: dict[str, int], route: str, wrong: int
) -> None:
    answers = crowd(route, [f"192.0.2.{n}" for n in range(CROWD)])
    assert {status for status, _, _ in answers} == {wrong, 503}
    assert sum(status == wrong for status, _, _ in answers) == seen["all"] < CROWD
    assert seen["most"] == password_checks.AT_ONCE
    assert {wait for status, wait, _ in answers if status == 503} == {"2"}


def test_who_found_no_place_has_not_failed(seen: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password_checks, "WAIT_SECONDS", 0.01)
    with password_checks.place(), password_checks.place(), ThreadPoolExecutor(1) as thread:
        for _ in range(FAILURES + 1):
            assert thread.submit(send, TOKEN, WRONG, "192.0.2.1").result()[:2] == (503, "2")
    assert seen["all"] == 0
    assert send(TOKEN, RIGHT, "192.0.2.1")[0] == 200


def test_right_passwords_of_one_name_leave_no_failures_of_the_address(seen: dict[str, int], settings: Any) -> None:
    settings.LOGIN_FAILURES = 1  # ten with any name
    assert [send(TOKEN, RIGHT, "192.0.2.1")[0] for _ in range(11)] == [200] * 11
