"""Delete the messages of what is being deleted."""

from collections.abc import Sequence
from uuid import UUID

from notifications.models import Message


def forget(kind: str, subject_ids: Sequence[str | UUID]) -> None:
    """Delete the messages about these subjects, sent or not.

    Rows of older tables are left to who owns those: they go by their foreign keys.
    """
    Message.objects.filter(kind=kind, subject_id__in=[str(subject) for subject in subject_ids]).delete()
