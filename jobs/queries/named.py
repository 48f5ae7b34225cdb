"""The register of questions, and the ways of asking that they share."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Q, QuerySet

from jobs.models import Chunk, EndedCount, Job
from jobs.states import State

Ask = TypeVar("Ask", bound=Callable[..., Any])
Row = TypeVar("Row", Chunk, Job, EndedCount)

NAMED: dict[str, Callable[..., Any]] = {}


def named(ask: Ask) -> Ask:
    """Register a question under its name; it returns its rows as a queryset that callers only read, or its answer."""
    if ask.__name__ in NAMED:
        raise ValueError(f"There are two questions called {ask.__name__}.")
    NAMED[ask.__name__] = ask
    return ask


def in_any(*states: State) -> Q:
    """Return the condition of rows in one of these states, as PostgreSQL finds them by the index of each.

    `state IN (…)` is no index's condition where each is of one state, and the whole table is read.
    """
    return reduce(or_, (Q(state=state) for state in states))


def by_index(name: str) -> str:
    """Return what stands behind a table in plain SQL so that SQLite takes this index of it.

    It knows nothing of how often a value is there, and takes the index of a state that nearly all rows are in.
    """
    return f"INDEXED BY {name}" if connection.vendor == "sqlite" else ""


def locked(rows: "QuerySet[Row]") -> "QuerySet[Row]":
    """Lock rows and skip those another process holds; SQLite's immediate transactions already exclude others."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True)
    return rows
