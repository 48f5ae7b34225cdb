"""PostgreSQL vacuums the tables whose rows change state after thousands of rows, not after a fifth of them."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="not of this database: SQLite has no autovacuum"),
]
migration = import_module("jobs.migrations.0014_months_of_use")


def options() -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reloptions FROM pg_class WHERE reloptions IS NOT NULL AND relname LIKE 'jobs%%'"
        )
        return dict(cursor.fetchall())


def test_the_migration_sets_them_and_takes_them_back() -> None:
    wanted = [f"{name}={value}" for name, value in migration.OPTIONS.items()]
    assert options() == dict.fromkeys(migration.TABLES, wanted)
    with connection.schema_editor() as editor:
        migration.reset_options(apps, editor)
        assert options() == {}
        migration.set_options(apps, editor)
    assert options() == dict.fromkeys(migration.TABLES, wanted)
