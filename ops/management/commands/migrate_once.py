"""Migrate while holding a lock of the database, so that several may be told to migrate at the same time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from ops.databases import unlimited

# Any number that nothing else in this database locks.
LOCK = 7_204_119
PAUSE_SECONDS = 0.5


@contextmanager
def locked() -> Iterator[None]:
    """Hold the lock in a session of its own until the block ends; SQLite locks its file by itself."""
    if connection.vendor != "postgresql":
        yield
        return
    own = connection.copy()
    try:
        unlimited.lift(own)  # another's migrations take what they take
        with own.cursor() as cursor:
            # Asked again and again: a statement that waits for it would keep a snapshot, for which an index that is
            # made concurrently waits in turn.
            while not _is_taken(cursor):
                time.sleep(PAUSE_SECONDS)
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        unlimited.restore(own)
    finally:
        own.close()


def _is_taken(cursor: Any) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
    return bool(cursor.fetchone()[0])


class Command(BaseCommand):
    """Apply all migrations, one runner at a time."""

    help = "Apply all migrations under a lock of the database."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Wait for the lock, then migrate; who comes second finds nothing to do."""
        with locked():
            call_command("migrate", interactive=False, verbosity=options["verbosity"])
