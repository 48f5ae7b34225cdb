"""SQLite's connections are handed from request to request, each to one at a time, and none that was left half done."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections

from ops.databases.sqlite3 import waiting
from ops.databases.sqlite3.base import DatabaseWrapper

Opened = Callable[..., DatabaseWrapper]

FORKING = """
import os, sqlite3, sys
from ops.databases.sqlite3 import waiting
connection = sqlite3.connect(sys.argv[1])
file = waiting.file_at(sys.argv[1])
assert waiting.kept(file, connection)
child = os.fork()
if not child:
    os._exit(0 if waiting.taken(file) is None else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert waiting.taken(file) is connection
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "some.sqlite3"
    sqlite3.connect(path).execute("CREATE TABLE some (n INTEGER)").connection.close()
    return path


@pytest.fixture
def opened(file: Path, django_db_blocker: Any) -> Iterator[Opened]:
    def open_one(seconds: int | None = 0) -> DatabaseWrapper:
        told: dict[str, Any] = {**connections.settings["default"], "ENGINE": "ops.databases.sqlite3"}
        told |= {"NAME": str(file), "OPTIONS": {}, "CONN_MAX_AGE": seconds}
        wrapper = DatabaseWrapper(told, "default")
        wrapper.inc_thread_sharing()
        wrapper.ensure_connection()
        return wrapper

    with django_db_blocker.unblock():
        yield open_one


def is_closed(connection: Any) -> bool:
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return True
    return False


def test_who_comes_next_has_the_connection_whatever_the_thread(opened: Opened) -> None:
    first = opened()
    raw = first.connection
    first.close()
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(opened().connection))
    thread.start()
    thread.join(10)
    assert found == [raw]
    assert not is_closed(raw)


def test_two_at_a_time_have_two(opened: Opened) -> None:
    first, second = opened(), opened()
    assert first.connection is not second.connection


def test_what_was_written_before_is_there(opened: Opened) -> None:
    first = opened()
    with first.cursor() as cursor:
        cursor.execute("INSERT INTO some VALUES (1)")
    first.close()
    with opened().cursor() as cursor:
        assert cursor.execute("SELECT n FROM some").fetchall() == [(1,)]


def test_one_that_is_left_in_a_transaction_is_closed_and_its_work_undone(opened: Opened) -> None:
    first = opened()
    raw = first.connection
    with first.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("INSERT INTO some VALUES (1)")
    first.close()
    assert is_closed(raw)
    with opened().cursor() as cursor:
        assert cursor.execute("SELECT n FROM some").fetchall() == []


def test_one_that_had_an_error_is_closed(opened: Opened) -> None:
    first = opened()
    raw = first.connection
    with pytest.raises(OperationalError), first.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    first.close()
    assert is_closed(raw)


def test_a_file_in_the_place_of_another_is_opened(file: Path, opened: Opened) -> None:
    first = opened()
    raw = first.connection
    first.close()
    file.rename(file.with_suffix(".old"))
    sqlite3.connect(file).execute("CREATE TABLE other (n INTEGER)").connection.close()
    second = opened()
    assert second.connection is not raw
    assert second.introspection.table_names() == ["other"]


def test_no_more_wait_than_are_of_use(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST", 1)
    first, second = opened(), opened()
    raws = [first.connection, second.connection]
    first.close()
    second.close()
    assert [is_closed(raw) for raw in raws] == [False, True]


def test_where_connections_stay_with_their_thread_none_is_handed_on(opened: Opened) -> None:
    first = opened(None)
    raw = first.connection
    first.close()
    assert is_closed(raw)


def test_a_forked_process_has_none_of_its_parents(file: Path) -> None:
    said = subprocess.run([sys.executable, "-c", FORKING, str(file)], capture_output=True, text=True, timeout=60)
    assert (said.returncode, said.stderr) == (0, "")
