"""Production refuses what is only fit for the embedded default."""

import os
import subprocess
import sys

import pytest

SAFE = {
    "PRODUCTION": "true",
    "SECRET_KEY": "s" * 40,
    "JWT_SECRET": "j" * 40,
    "ALLOWED_HOSTS": "example.org",
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
