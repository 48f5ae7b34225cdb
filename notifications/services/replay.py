"""Send messages once more, under the same ids and with all their attempts, whatever became of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from notifications.states import MessageState
from notifications.tables import about


def replay(kind: str, subject_id: str | UUID, *, now: datetime) -> int:
    """Have the messages of a kind about a subject sent again, and return how many there are."""
    return sum(send_again(rows, now=now) for rows in about(kind, subject_id))


def send_again(rows: "QuerySet[Any]", *, now: datetime) -> int:
    """Have these rows of one table sent again, and return how many there are."""
    return rows.update(state=MessageState.PENDING, attempts=0, due_at=now)
