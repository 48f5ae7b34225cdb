"""What became of messages."""

from uuid import UUID

from notifications.tables import MessageRow, about


def messages(kind: str, subject_id: str | UUID) -> list[MessageRow]:
    """Return the messages of a kind about a subject, the newest first."""
    found = [row for rows in about(kind, subject_id) for row in rows]
    return sorted(found, key=lambda row: row.created_at, reverse=True)
