"""What became of messages."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min

from notifications.states import MessageState
from notifications.tables import MessageRow, about, tables


def messages(kind: str, subject_id: str | UUID) -> list[MessageRow]:
    """Return the messages of a kind about a subject, the newest first."""
    found = [row for rows in about(kind, subject_id) for row in rows]
    return sorted(found, key=lambda row: row.created_at, reverse=True)


def backlog(*, now: datetime) -> tuple[int, float]:
    """Return how many messages are owed, and for how many seconds the most overdue one should have been sent."""
    pending = [rows.filter(state=MessageState.PENDING).aggregate(n=Count("pk"), due=Min("due_at")) for rows in tables()]
    late = ((now - one["due"]).total_seconds() for one in pending if one["due"] is not None)
    return sum(one["n"] for one in pending), max(0.0, *late, 0.0)
