"""Who is calling: an API key or a token, and what the key allows."""

from typing import Any

import structlog
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.tokens import Token

from accounts.login_throttle import PAUSE_SECONDS, LockedOut, failed
from accounts.models import KEY_PREFIX, ApiKey, Scope
from accounts.services.keys import find_key
from accounts.services.tokens import find_user

# What a client is told to try, whichever way it came.
CHALLENGE = 'Api-Key realm="api", Bearer realm="api"'


class ApiKeyAuthentication(BaseAuthentication):
    """Read `Authorization: Api-Key gta_…`, and what people paste instead: the key alone, or as `X-API-Key`."""

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, ApiKey] | None:
        """Return the key's owner and the key; None when the request has no key; raise when the key is no good."""
        text = _key_in(request)
        if text is None:
            return None
        key = find_key(text, now=timezone.now())
        # One answer for unknown, expired and revoked: it tells a guesser nothing.
        if key is None or not key.owner.is_active:
            if failed(request._request, "api-key"):
                raise LockedOut(wait=PAUSE_SECONDS)
            raise AuthenticationFailed("The API key is not valid.", "invalid_api_key")
        if Scope.ADMIN not in key.scopes:
            # Only in memory: a staff member's key without the admin scope sees no more than its owner's own.
            key.owner.is_staff = key.owner.is_superuser = False
        structlog.contextvars.bind_contextvars(owner=key.owner.pk, api_key=key.prefix)
        return key.owner, key

    def authenticate_header(self, request: Request) -> str:
        """Return what an answer 401 asks for."""
        return CHALLENGE


def _key_in(request: Request) -> str | None:
    """Return the text that is given as a key; None when none is, as in a token's request."""
    given = request.headers.get("Authorization", "").strip() or request.headers.get("X-API-Key", "").strip()
    kind, _, text = given.partition(" ")
    if kind.lower() == "api-key":
        return text.strip()
    if kind.lower() == "bearer" and text.strip().startswith(KEY_PREFIX):
        return text.strip()
    is_named = not request.headers.get("Authorization") and bool(given)
    return given if is_named or given.startswith(KEY_PREFIX) else None


class TokenAuthentication(JWTAuthentication):
    """Read `Authorization: Bearer …`."""

    def authenticate(self, request: Request) -> Any:
        """Return the token's user and the token; None when the request has no token."""
        found = super().authenticate(request)
        if found is not None:
            structlog.contextvars.bind_contextvars(owner=found[0].pk)
        return found

    def get_user(self, validated_token: Token) -> Any:
        """Return the token's user; raise InvalidToken unless there is one who may still act by it."""
        user = find_user(validated_token)
        # One answer for ended, disabled and deleted: it tells a thief nothing.
        if user is None:
            raise InvalidToken("The token was ended, or its user may not log in.")
        return user

    def authenticate_header(self, request: Request) -> str:
        """Return what an answer 401 asks for."""
        return CHALLENGE


class HasScope(BasePermission):
    """Ask a key for the scope of the verb: read to look, submit to change, unless the view's `changing_scope` asks for
    more. A token has all of its user's rights.
    """

    code = "scope_missing"

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the key, if there is one, carries the scope."""
        if not isinstance(request.auth, ApiKey):
            return True
        needed = Scope.READ if request.method in SAFE_METHODS else getattr(view, "changing_scope", Scope.SUBMIT)
        self.message = f"The API key lacks the scope {needed}."
        return needed in request.auth.scopes or Scope.ADMIN in request.auth.scopes
