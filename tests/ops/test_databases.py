"""The database's series: statements, their time, faults and connections, and what counting them may cost."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.db import DatabaseError, connection, transaction
from django.test import Client
from prometheus_client import REGISTRY

from tests.api.server import database_url

SERIES = {
    "django_db_execute_total",
    "django_db_execute_many_total",
    "django_db_errors_total",
    "django_db_new_connections_total",
    "django_db_new_connection_errors_total",
    "django_db_query_duration_seconds",
}


def counted(name: str, **labels: str) -> float:
    labels = {"alias": "default", "vendor": connection.vendor, **labels}
    return REGISTRY.get_sample_value(f"django_db_{name}", labels) or 0.0


def test_every_statement_is_counted_with_its_time(db: None) -> None:
    names = ("execute_total", "query_duration_seconds_count")
    before = [counted(name) for name in names]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.execute("SELECT 2")
        assert cursor.fetchone() == (2,)
    assert [counted(name) - then for name, then in zip(names, before, strict=True)] == [2, 2]


def test_a_bulk_statement_counts_its_rows(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE noted (n integer)")
        before = counted("execute_total"), counted("execute_many_total"), counted("query_duration_seconds_count")
        cursor.executemany("INSERT INTO noted VALUES (%s)", iter([(1,), (2,), (3,)]))
        after = counted("execute_total"), counted("execute_many_total"), counted("query_duration_seconds_count")
        cursor.execute("SELECT sum(n) FROM noted")
        assert cursor.fetchone() == (6,)
        cursor.execute("DROP TABLE noted")
    assert [now - then for now, then in zip(after, before, strict=True)] == [3, 3, 1]


def test_a_fault_is_counted_by_its_kind(db: None) -> None:
    kind = {"sqlite": "OperationalError", "postgresql": "UndefinedTable"}[connection.vendor]
    before = counted("errors_total", type=kind)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM nowhere")
    assert counted("errors_total", type=kind) - before == 1


def test_no_cursor_brings_a_class_of_its_own(db: None) -> None:
    with connection.cursor() as first, connection.cursor() as second:
        assert type(first.cursor) is type(second.cursor)


@pytest.mark.parametrize("size", [0, 1])
def test_a_connection_is_counted_when_it_is_made_and_not_when_it_is_lent(size: int, tmp_path: Path) -> None:
    script = (
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "for _ in range(5):\n"
        "    connection.ensure_connection()\n"
        "    if connection.vendor == 'postgresql': connection.close_if_unusable_or_obsolete()\n"
        "getattr(connection, 'close_pool', lambda: None)()\n"
        "from prometheus_client import REGISTRY\n"
        "labels = {'alias': 'default', 'vendor': connection.vendor}\n"
        "print(REGISTRY.get_sample_value('django_db_new_connections_total', labels))\n"
    )
    assert run(script, DATA_DIR=str(tmp_path), DATABASE_POOL_SIZE=str(size)) == "1.0"


def test_processes_are_summed(tmp_path: Path) -> None:
    script = (
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "for _ in range(1000):\n"
        "    connection.cursor().execute('SELECT 1')\n"
        "from django_prometheus.exports import ExportToDjangoView\n"
        "lines = ExportToDjangoView(None).content.decode().splitlines()\n"
        "print(*[line.split()[-1] for line in lines if line.startswith('django_db_execute_total{')])\n"
    )
    told = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"), "DATA_DIR": str(tmp_path)}
    first = float(run(script, **told))
    assert first >= 1000
    assert float(run(script, **told)) == 2 * first


def test_they_are_exported(db: None, client: Client) -> None:
    lines = client.get("/metrics").content.decode().splitlines()
    assert {line.split()[2] for line in lines if line.startswith("# TYPE")} >= SERIES


def run(script: str, **told: str) -> str:
    env: dict[str, Any] = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "gravity.settings",
        "PYTHONPATH": os.pathsep.join([str(project.BASE_DIR), os.environ.get("PYTHONPATH", "")]),
        **told,
    }
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
