"""Tokens that end with what they were made from: the user's password, and how often the user has ended all tokens.

Both go into a stamp, which a token carries and its user must still have.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils.crypto import constant_time_compare, salted_hmac
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer, TokenRefreshSerializer
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken, Token

from accounts.models import TokenVersion
from accounts.selectors import user_with_version

STAMP = "stamp"


def version_of(user: AbstractBaseUser) -> int:
    """Return how often this user's tokens were ended; without a query if the user was read with the row."""
    try:
        return int(user.token_version.version)  # type: ignore[attr-defined]
    except TokenVersion.DoesNotExist:
        return 0


def stamp_of(user: AbstractBaseUser) -> str:
    """Return the stamp of the tokens that are good now."""
    text = f"{user.pk}/{version_of(user)}/{user.password}"
    return salted_hmac(
        "accounts.tokens", text, secret=str(settings.SIMPLE_JWT["SIGNING_KEY"]), algorithm="sha256"
    ).hexdigest()[:32]


def is_current(token: Token, user: AbstractBaseUser) -> bool:
    """Tell whether the user may still act by this token.

    One without a stamp is of release 1.1, whose processes make some until an upgrade is over: it is good unless the
    user has ended all tokens.
    """
    if not user.is_active:
        return False
    given = token.get(STAMP)
    if given is None:
        return version_of(user) == 0
    return isinstance(given, str) and constant_time_compare(given, stamp_of(user))


class StampedRefreshToken(RefreshToken):
    """A refresh token with a stamp, which its access tokens and those that follow it have as well."""

    @classmethod
    def for_user(cls, user: Any) -> "StampedRefreshToken":
        """Return a new one of this user."""
        token: StampedRefreshToken = super().for_user(user)  # type: ignore[assignment]
        token[STAMP] = stamp_of(user)
        return token

    def verify(self, *args: Any, **kwargs: Any) -> None:
        """Raise TokenError unless the token is good and its user's tokens have not been ended since."""
        super().verify(*args, **kwargs)
        user = user_with_version(self.get(api_settings.USER_ID_CLAIM))
        if user is None or not is_current(self, user):
            raise TokenError("The token was ended.")
        # A token of release 1.1 has none yet.
        self[STAMP] = stamp_of(user)


class TokenPair(TokenObtainPairSerializer):
    """Make two stamped tokens of a name and a password."""

    token_class = StampedRefreshToken


class Renewal(TokenRefreshSerializer):
    """Make two stamped tokens of a refresh token, which works no more."""

    token_class = StampedRefreshToken
