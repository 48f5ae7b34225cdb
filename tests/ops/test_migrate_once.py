"""Migrations of which several runners are told at once."""

import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection, connections

from ops.management.commands.migrate_once import LOCK, locked


def test_a_second_run_finds_nothing_to_do(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("migrate_once")
    assert "No migrations to apply" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_the_second_waits_for_the_first() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("not of this database: the lock is PostgreSQL's; SQLite locks its file by itself")
    order: list[str] = []

    def second() -> None:
        with locked():
            order.append("second")
        connections.close_all()

    with locked():
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [LOCK])
        assert cursor.fetchone() == (0,)
