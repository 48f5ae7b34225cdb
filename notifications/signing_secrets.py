"""The secrets that messages are signed with: one of each owner, the one before good for a while longer."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from notifications.models import SigningSecret

OVERLAP = timedelta(hours=24)
BYTES = 32


class NewSecret(NamedTuple):
    """A secret, shown once, and until when the one before it signs too (None: there was none)."""

    secret: str
    created_at: datetime
    previous_until: datetime | None


def renew(*, owner: AbstractBaseUser, now: datetime) -> NewSecret:
    """Make a new secret for the owner; messages are signed with the old one as well until the overlap is over."""
    text = f"whsec_{base64.b64encode(secrets.token_bytes(BYTES)).decode()}"
    mine = SigningSecret.objects.filter(owner_id=owner.pk)
    with transaction.atomic():
        mine.filter(ends_at__lte=now).delete()
        had = mine.filter(ends_at__isnull=True).update(ends_at=now + OVERLAP)
        SigningSecret.objects.create(owner_id=owner.pk, secret=text, created_at=now)
    return NewSecret(text, now, now + OVERLAP if had else None)


def active_secrets(owner_id: int, *, now: datetime) -> list[str]:
    """Return the secrets that sign now, the newest first."""
    mine = SigningSecret.objects.filter(owner_id=owner_id).order_by("-id")
    return [row.secret for row in mine if row.ends_at is None or row.ends_at > now][:3]


def created_at(owner_id: int) -> datetime | None:
    """Return when the present secret was made; None if the owner has none."""
    row = SigningSecret.objects.filter(owner_id=owner_id, ends_at__isnull=True).order_by("-id").first()
    return None if row is None else row.created_at
