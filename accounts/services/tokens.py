"""Whose a token is, read again only after a moment."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import Token

from accounts.selectors import user_with_version
from accounts.signals import credential_revoked
from accounts.tokens import is_current

# The users this process has looked up in the last moments, by their ids as tokens have them. What another process
# changes of one counts here when its moment is over.
_recent: dict[str, tuple[float, AbstractBaseUser]] = {}
MAX_RECENT = 1_000


def find_user(token: Token) -> AbstractBaseUser | None:
    """Return the user of a token that is in order, None if the user's tokens were ended or the user may not log in."""
    user_id = str(token.get(api_settings.USER_ID_CLAIM))
    now = time.monotonic()
    recent = _recent
    read_at, user = recent.get(user_id, (0.0, None))
    if user is None or now - read_at >= settings.API_KEY_CACHE_SECONDS:
        user = user_with_version(user_id)
        if user is None:
            return None
        if len(recent) >= MAX_RECENT:
            recent.clear()
        recent[user_id] = (now, user)
    return user if is_current(token, user) else None


def forget(**_: Any) -> None:
    """Read every user again when one of their tokens is next used in this process."""
    global _recent
    # Another one, so that what a thread has read before does not come into it afterwards.
    _recent = {}


credential_revoked.connect(forget)
