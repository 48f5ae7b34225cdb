"""What DATABASE_URL asks for holds, with a pool and without: above all, TLS."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as project

from tests.ops.throwaway_postgresql import Throwaway, running, self_signed

ASK = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    print("tls" if cursor.fetchone()[0] else "clear", end=" ")
    cursor.execute("SHOW statement_timeout")
    print(cursor.fetchone()[0], end=" ")
    cursor.execute("SHOW application_name")
    print(cursor.fetchone()[0] or "-", end=" ")
told = connection.connection.info.get_parameters()
print(*[told.get(name, "-") for name in ("connect_timeout", "keepalives_idle", "tcp_user_timeout")])
connection.close()
getattr(connection, "close_pool", lambda: None)()
"""
sizes = pytest.mark.parametrize("size", ["8", "0"])


@pytest.fixture(scope="module")
def plain() -> Iterator[Throwaway]:
    with running() as database:
        yield database


@pytest.fixture(scope="module")
def encrypted() -> Iterator[Throwaway]:
    with running(tls=True) as database:
        yield database


def ask(url: str, size: str, folder: Path, **told: str) -> subprocess.CompletedProcess[str]:
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")},
        "DJANGO_SETTINGS_MODULE": "gravity.settings",
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "DATABASE_POOL_SIZE": size,
        **told,
    }
    command = [sys.executable, "-c", ASK]
    return subprocess.run(command, env=env, cwd=project.BASE_DIR, capture_output=True, text=True, check=False)


def said(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@sizes
def test_who_asks_for_tls_has_it_or_no_connection(
    size: str, plain: Throwaway, encrypted: Throwaway, tmp_path: Path
) -> None:
    assert said(ask(encrypted.url("sslmode=require"), size, tmp_path))[0] == "tls"
    assert said(ask(plain.url("sslmode=prefer"), size, tmp_path))[0] == "clear"
    refused = ask(plain.url("sslmode=require"), size, tmp_path)
    assert refused.returncode != 0
    assert "OperationalError" in refused.stderr


@sizes
def test_the_certificate_is_looked_at(size: str, encrypted: Throwaway, tmp_path: Path) -> None:
    own = f"sslmode=verify-full&sslrootcert={encrypted.certificate}"
    assert said(ask(encrypted.url(own), size, tmp_path))[0] == "tls"
    other = f"sslmode=verify-full&sslrootcert={self_signed(tmp_path)}"
    assert "OperationalError" in ask(encrypted.url(other), size, tmp_path).stderr


@sizes
def test_options_of_the_address_win_over_defaults(size: str, plain: Throwaway, tmp_path: Path) -> None:
    first = said(ask(plain.url(), size, tmp_path))
    assert first == ["clear", "10s" if size == "8" else "1min", "-", "3", "4", "10000"]
    options = "application_name=charts&connect_timeout=7&tcp_user_timeout=9000"
    assert said(ask(plain.url(options), size, tmp_path))[2:] == ["charts", "7", "4", "9000"]


def test_every_limit_is_a_setting(plain: Throwaway, tmp_path: Path) -> None:
    told = {"DATABASE_CONNECT_SECONDS": "4", "DATABASE_SILENCE_SECONDS": "20", "DATABASE_STATEMENT_SECONDS": "1.5"}
    assert said(ask(plain.url(), "1", tmp_path, **told)) == ["clear", "1500ms", "-", "4", "8", "20000"]
    off = dict.fromkeys(told, "0")
    assert said(ask(plain.url(), "1", tmp_path, **off)) == ["clear", "0", "-", "-", "-", "-"]
