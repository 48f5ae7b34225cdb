"""Logging in with name and password, for the admin and for tokens: slowly for those who guess, and few at once."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

from accounts import login_throttle
from accounts.password_checks import NoPlace, place


class GuardedBackend(ModelBackend):
    """Ask Django's own backend, unless the address has failed too often or too many ask."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return the user of this name and password, None for wrong ones; raise LockedOut or NoPlace.

        Django would take PermissionDenied for wrong credentials; these two are answered as what they are.
        """
        if request is None or username is None:
            return super().authenticate(request, username=username, password=password, **kwargs)
        login_throttle.attempt(request, username)
        try:
            with place():
                user = super().authenticate(request, username=username, password=password, **kwargs)
        except NoPlace:
            login_throttle.take_back(request, username)
            raise
        if user is not None:
            login_throttle.succeeded(request, username)
        return user
