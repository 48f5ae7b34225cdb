"""Statements that may take any time: those of migrations, and the wait for another's."""

from typing import Any

from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


def lift(connection: Any) -> None:
    """Lift the limit of a connection, where its database has one."""
    _limit(connection, 0)


def restore(connection: Any) -> None:
    """Set the limit again."""
    _limit(connection, settings.DATABASE_STATEMENT_SECONDS)


def connect() -> None:
    """Lift the limit while migrations run, from now on."""
    pre_migrate.connect(_begin)
    post_migrate.connect(_end)


def _begin(*, using: str, **told: Any) -> None:
    lift(connections[using])


def _end(*, using: str, **told: Any) -> None:
    restore(connections[using])


def _limit(connection: Any, seconds: float) -> None:
    if connection.vendor == "postgresql" and settings.DATABASE_STATEMENT_SECONDS:
        connection.limit_statements(seconds)
