"""The tables that messages are in: our own, and those of releases before, for as long as these have rows to send.

A predecessor is registered by the app that owns its table, as rows that look like messages: what the table has under
another name, or not at all, is annotated. Everything that reads or sends messages goes over all of them. Today there
is one, `jobs.callbacks.deliveries`; docs/upgrades.md says which migration ends it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet

from notifications.models import Message

Rows = Callable[[], "QuerySet[Any]"]

_predecessors: list[tuple[str, Rows]] = []


class MessageRow(Protocol):
    """What a row of any of these tables has; of these, the last six can be written by these names."""

    pk: UUID
    owner_id: int
    kind: str
    subject_id: Any
    channel: str
    address: str
    created_at: datetime
    state: str
    attempts: int
    log: list[dict[str, Any]]
    due_at: datetime
    delivered_at: datetime | None


def register_predecessor(kind: str, rows: Rows) -> None:
    """Have the rows of an older table, all of one kind, sent, listed and replayed as messages."""
    _predecessors.append((kind, rows))


def tables() -> "list[QuerySet[Any]]":
    """Return the rows of each table."""
    return [Message.objects.all(), *(rows() for _, rows in _predecessors)]


def about(kind: str, subject_id: str | UUID) -> "list[QuerySet[Any]]":
    """Return the messages of a kind about a subject, of each table that has this kind."""
    older = [rows() for held, rows in _predecessors if held == kind]
    return [rows.filter(subject_id=str(subject_id)) for rows in (Message.objects.filter(kind=kind), *older)]


def same_table(row: MessageRow) -> "QuerySet[Any]":
    """Return the rows of the table that this one is from, to be written."""
    rows: QuerySet[Any] = type(row)._default_manager.all()  # type: ignore[attr-defined]
    return rows
