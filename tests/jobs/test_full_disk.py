"""A full disk is told from other faults, and costs a chunk none of its tries."""

import errno
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError

from jobs.full_disk import is_full_disk
from jobs.services import run_chunk as service
from jobs.states import State
from tests.jobs.conftest import only_chunk


def caused_by(error: Exception) -> OperationalError:
    """Return what Django makes of an error of the driver."""
    made = OperationalError(*error.args)
    made.__cause__ = error
    return made


@pytest.fixture
def sqlite_full(tmp_path: Path) -> Exception:
    """What SQLite says when its file may not grow."""
    connection = sqlite3.connect(tmp_path / "file")
    connection.execute("PRAGMA max_page_count = 2")
    try:
        with pytest.raises(sqlite3.OperationalError, match="database or disk is full") as said:
            connection.executescript(";".join(f"CREATE TABLE {name} (x)" for name in "abcdef"))
        return said.value
    finally:
        connection.close()


def test_both_databases_and_the_machine_are_understood(sqlite_full: Exception) -> None:
    full = psycopg.errors.DiskFull("could not extend file: No space left on device")
    quota = OSError(errno.EDQUOT, "Disk quota exceeded")
    assert all(map(is_full_disk, (caused_by(sqlite_full), caused_by(full), full, quota)))


def test_other_faults_are_not() -> None:
    others = (
        caused_by(psycopg.errors.AdminShutdown("terminating connection")),
        caused_by(sqlite3.OperationalError("database is locked")),
        OSError(errno.EACCES, "Permission denied"),
        ValueError("No space left on device"),
        None,
    )
    assert not any(map(is_full_disk, others))


@pytest.mark.django_db
def test_a_chunk_waits_for_room_however_often_it_was_tried(
    broker: Any, submit_inline: Any, clock: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    chunk = only_chunk(submit_inline())
    with monkeypatch.context() as patch:
        patch.setattr(service, "compute", no_room)
        for _ in range(settings.MAX_ATTEMPTS + 2):
            report = service.run_chunk(chunk.pk, clock=clock)
            assert (report.outcome, report.disk_is_full) == ("released", True)
            chunk.refresh_from_db()
            assert chunk.not_before == clock() + service.FULL_DISK_PAUSE
            clock.forward(service.FULL_DISK_PAUSE / timedelta(seconds=1))
    assert service.run_chunk(chunk.pk, clock=clock).outcome == "succeeded"
    assert only_chunk(chunk.job).state == State.SUCCEEDED
