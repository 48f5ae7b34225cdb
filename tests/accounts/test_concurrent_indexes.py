"""An index is made while others write, and again where it was left half made."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from accounts.concurrent_indexes import AddIndexBeside

NAME = "made_beside"
OPERATION = AddIndexBeside("message", models.Index(fields=["attempts"], name=NAME))


def made(operation: migrations.AddIndex) -> list[str]:
    """Make the index as a migration does, and return the statements that did it."""
    before = ProjectState.from_apps(apps)
    after = before.clone()
    operation.state_forwards("notifications", after)
    sent: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        sent.append(str(sql))
        return execute(sql, *rest)

    with connection.execute_wrapper(note), connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("notifications", editor, before, after)
    return [one for one in sent if "INDEX" in one]


def there() -> bool:
    with connection.cursor() as cursor:
        return NAME in connection.introspection.get_constraints(cursor, "notifications_message")


@pytest.fixture
def cleared(transactional_db: None) -> Any:
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {NAME}")


def test_it_is_made_beside_who_writes(cleared: None) -> None:
    sent = made(OPERATION)
    assert there()
    assert connection.vendor != "postgresql" or ["CONCURRENTLY" in one for one in sent] == [True, True]


def test_one_that_is_there_already_by_halves_is_made_again(cleared: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("not of this database: SQLite makes an index whole or not at all")
    made(migrations.AddIndex("message", OPERATION.index))
    made(OPERATION)
    assert there()
