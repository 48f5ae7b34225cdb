"""What staff have changed: Django's own log of the admin, which the API writes to when they act on others' things.

Who, when, what, and under which request id, by which the access log tells the rest. Nothing in the program changes or
deletes an entry.
"""

from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models


def staff_actor(user: AbstractBaseUser | AnonymousUser) -> str:
    """Return how a member of staff is named where a row says who did something."""
    return f"staff:{user.get_username()}"


def record(
    *, actor: AbstractBaseUser, thing: models.Model, text: str, request_id: str, is_deletion: bool = False
) -> None:
    """Write down that this user has done this to this row."""
    LogEntry.objects.log_actions(
        actor.pk,
        [thing],
        DELETION if is_deletion else CHANGE,
        change_message=f"{text} API request {request_id}.",
        single_object=True,
    )
