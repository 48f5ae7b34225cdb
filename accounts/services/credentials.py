"""The end of what a user has logged in by, and what is forgotten when a user changes."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import TokenVersion
from accounts.signals import credential_revoked

# What a login in the admin writes; it changes nothing that a key or a token depends on.
LOGIN_FIELDS = frozenset({"last_login"})


def sign_out_everywhere(user: AbstractBaseUser) -> None:
    """End all tokens of this user, refresh tokens as well, and the sessions in the admin; keys are not touched.

    In this process they end at once, in another when what it has read of the user is API_KEY_CACHE_SECONDS old.
    """
    with transaction.atomic():
        TokenVersion.objects.get_or_create(user_id=user.pk)
        TokenVersion.objects.filter(user_id=user.pk).update(version=F("version") + 1)
        for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
            if session.get_decoded().get(SESSION_KEY) == str(user.pk):
                session.delete()
        transaction.on_commit(_tell)


def user_changed(update_fields: frozenset[str] | None = None, **_: Any) -> None:
    """Forget what this process knows of users' credentials, when one was saved or deleted."""
    if update_fields is None or not update_fields <= LOGIN_FIELDS:
        transaction.on_commit(_tell)


def _tell() -> None:
    credential_revoked.send(TokenVersion)
