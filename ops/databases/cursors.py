"""Cursors that count what they execute into django-prometheus's series."""

from collections.abc import Iterable
from functools import lru_cache
from time import perf_counter
from typing import Any

from django_prometheus.db import (
    connection_errors_total,
    connections_total,
    errors_total,
    execute_many_total,
    execute_total,
    query_duration_seconds,
)


@lru_cache
def counting(base: type[Any], alias: str, vendor: str) -> type[Any]:
    """Return the cursor class that counts, made once: a class for each cursor would cost more than the counting."""
    executed, in_bulk = execute_total.labels(alias, vendor), execute_many_total.labels(alias, vendor)
    duration = query_duration_seconds.labels(alias, vendor)

    class CountingCursor(base):  # type: ignore[misc]  # which class it is, is the database's business
        """A cursor that counts statements, their time and their faults."""

        def execute(self, *arguments: Any, **options: Any) -> Any:
            """Execute one statement."""
            began = perf_counter()
            try:
                return super().execute(*arguments, **options)
            except Exception as fault:
                errors_total.labels(alias, vendor, type(fault).__name__).inc()
                raise
            finally:
                executed.inc()
                duration.observe(perf_counter() - began)

        def executemany(self, statement: Any, rows: Iterable[Any], *arguments: Any, **options: Any) -> Any:
            """Execute one statement for each of the rows."""
            rows = list(rows)
            began = perf_counter()
            try:
                return super().executemany(statement, rows, *arguments, **options)
            except Exception as fault:
                errors_total.labels(alias, vendor, type(fault).__name__).inc()
                raise
            finally:
                executed.inc(len(rows))
                in_bulk.inc(len(rows))
                duration.observe(perf_counter() - began)

    return CountingCursor


def connected(alias: str, vendor: str) -> None:
    """Count a new connection."""
    connections_total.labels(alias, vendor).inc()


def refused(alias: str, vendor: str) -> None:
    """Count a connection that was wanted and not had."""
    connection_errors_total.labels(alias, vendor).inc()
