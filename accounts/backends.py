"""Logging in with name and password, for the admin and for tokens: slowly for those who guess."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts import login_throttle


class GuardedBackend(ModelBackend):
    """Ask Django's own backend, unless the address has failed too often."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return the user of this name and password, None for wrong ones; raise PermissionDenied for a guesser."""
        if request is None or username is None:
            return super().authenticate(request, username=username, password=password, **kwargs)
        try:
            login_throttle.refuse_guesser(request, username)
        except login_throttle.LockedOut as locked:
            raise PermissionDenied(str(locked.detail)) from None
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is None:
            login_throttle.failed(request, username)
        else:
            login_throttle.succeeded(request, username)
        return user
