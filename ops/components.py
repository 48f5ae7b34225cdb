"""The state of each part the system stands on, with the time it took to answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from ops.heartbeats import age_seconds, announced
from ops.redis_info import UNREACHABLE, ask

# Beat and workers show that they live every few seconds.
SILENT_AFTER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Component:
    """status: ok, failed, pending (migrations), silent (no sign of life) or unseen (nobody knows of it)."""

    status: str
    latency_ms: float | None = None
    detail: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return what is known, without nulls."""
        values = {"status": self.status, "latency_ms": self.latency_ms, "detail": self.detail}
        return {name: value for name, value in values.items() if value is not None}


def database() -> Component:
    """Ask the database for one row."""

    def select() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()

    return _timed(select, (DatabaseError, OSError))


_migrated = False


def migrations() -> Component:
    """Tell whether every migration of this release is applied; once they are, the answer is remembered."""
    global _migrated
    if _migrated:
        return Component("ok")
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, OSError) as error:
        return Component("failed", detail=type(error).__name__)
    if pending:
        return Component("pending", detail=f"{len(pending)} to apply")
    _migrated = True
    return Component("ok")


def broker() -> Component:
    """Ping the broker."""
    return _timed(lambda: ask(settings.BROKER_URL), UNREACHABLE)


def cache() -> Component:
    """Ping the cache."""
    return _timed(lambda: ask(settings.CACHE_URL), UNREACHABLE)


def process(kind: str) -> Component:
    """Tell whether a worker or beat lives on any machine, or on this one while the broker cannot say."""
    names = announced(kind)
    alive = sum(age <= SILENT_AFTER_SECONDS for age in names.values())
    age = min(names.values()) if names else age_seconds(kind)
    if age is None:
        return Component("unseen")
    how_many = f"{alive} alive, " if alive else ""
    return Component(
        "ok" if age <= SILENT_AFTER_SECONDS else "silent", detail=f"{how_many}last sign of life {age:.0f} s ago"
    )


def _timed(question: Callable[[], object], failures: tuple[type[BaseException], ...]) -> Component:
    began = time.perf_counter()
    try:
        question()
    except failures as error:
        # The kind of error only: its text may carry a password out of a URL.
        return Component("failed", _milliseconds(began), type(error).__name__)
    return Component("ok", _milliseconds(began))


def _milliseconds(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)
