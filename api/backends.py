"""Logging in with name and password, for the admin and for tokens: slowly for whoever guesses."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from api import guesses


class GuardedBackend(ModelBackend):
    """Ask Django's own backend, unless the address has failed too often."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return the user of this name and password, None for wrong ones; raise PermissionDenied for a guesser."""
        if request is None or username is None:
            return super().authenticate(request, username=username, password=password, **kwargs)
        try:
            guesses.refuse_guesser(request, username)
        except guesses.LockedOut as locked:
            raise PermissionDenied(str(locked.detail)) from None
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is None:
            guesses.failed(request, username)
        else:
            guesses.succeeded(request, username)
        return user
