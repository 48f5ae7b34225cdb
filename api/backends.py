"""The path under which sessions of 1.1 and before name their backend; accounts.backends logs in."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

from accounts import backends


class GuardedBackend(BaseBackend):
    """Know the users of those sessions again, and nothing else.

    Django asks every backend in turn for a password: a second one that looked at it would hash and count it twice.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Let nobody in."""

    def get_user(self, user_id: int) -> User | None:
        """Return the user of a session, unless they are disabled."""
        return backends.GuardedBackend().get_user(user_id)
