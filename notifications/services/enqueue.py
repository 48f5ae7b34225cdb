"""Write down what is owed, in the caller's transaction: the fact and its message exist together or not at all."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from notifications.channels import known_channels
from notifications.kinds import known_kinds
from notifications.models import Message


class NewMessage(NamedTuple):
    """A message to be sent: its kind, what it is about, the key of who is told, and where."""

    kind: str
    subject_id: str | UUID
    owner: int
    channel: str
    address: str


def enqueue(kind: str, subject_id: str | UUID, owner: int, channel: str, address: str, *, now: datetime) -> None:
    """Owe one message; one that is owed already stays as it is."""
    enqueue_all([NewMessage(kind, subject_id, owner, channel, address)], now=now)


def enqueue_all(new: Sequence[NewMessage], *, now: datetime) -> None:
    """Owe several messages at once."""
    for message in new:
        if message.kind not in known_kinds() or message.channel not in known_channels():
            raise LookupError(f"Nobody has registered {message.kind} or {message.channel}: it would never be sent.")
    rows = [
        Message(
            kind=message.kind,
            subject_id=str(message.subject_id),
            owner_id=message.owner,
            channel=message.channel,
            address=message.address,
            due_at=now,
            created_at=now,
        )
        for message in new
    ]
    if rows:
        Message.objects.bulk_create(rows, ignore_conflicts=True)
