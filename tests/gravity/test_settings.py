"""Production refuses what is only fit for the embedded default."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

SAFE = {
    "PRODUCTION": "true",
    "SECRET_KEY": "s" * 40,
    "JWT_SECRET": "j" * 40,
    "ALLOWED_HOSTS": "example.org",
}
# As pwgen makes them: Django's check wants variety.
SECRETS = {
    name: "".join(map(chr, range(first, first + 50))) for name, first in (("SECRET_KEY", 48), ("JWT_SECRET", 60))
}


def load(**instead: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "DATABASE_URL": "sqlite://:memory:", **SAFE, **instead}
    command = [sys.executable, "-c", "from gravity import settings"]
    return subprocess.run(command, env=env, capture_output=True, text=True)


def test_production_starts_with_safe_settings() -> None:
    done = load()
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("instead", "says"),
    [
        ({"DEBUG": "true"}, "DEBUG must be off"),
        ({"SECRET_KEY": "insecure-development-key-of-the-embedded-default"}, "SECRET_KEY must be set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must have at least 32 characters"),
        ({"JWT_SECRET": "short"}, "JWT_SECRET must have at least 32 characters"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts"),
    ],
)
def test_production_refuses(instead: dict[str, str], says: str) -> None:
    done = load(**instead)
    assert done.returncode != 0
    assert says in done.stderr


def test_every_refusal_is_said_at_once() -> None:
    done = load(DEBUG="true", SECRET_KEY="short")
    assert "DEBUG must be off" in done.stderr
    assert "SECRET_KEY must have" in done.stderr


def check(tmp_path: Path, **instead: str) -> subprocess.CompletedProcess[str]:
    static = {"STATIC_ROOT": str(tmp_path), "BROKER_URL": settings.BROKER_URL, "DATABASE_URL": "sqlite://:memory:"}
    env = {"PATH": os.environ["PATH"], **SAFE, **SECRETS, **static, **instead}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=env, capture_output=True, text=True, cwd=settings.BASE_DIR)


def test_in_production_django_has_nothing_to_warn_of(broker: Any, tmp_path: Path) -> None:
    done = check(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("instead", "warning"),
    [({"HSTS_SECONDS": "0"}, "security.W004"), ({"SECRET_KEY": "s" * 40}, "security.W009")],
)
def test_it_warns_of_what_is_taken_away(broker: Any, tmp_path: Path, instead: dict[str, str], warning: str) -> None:
    done = check(tmp_path, **instead)
    assert done.returncode != 0
    assert warning in done.stderr
