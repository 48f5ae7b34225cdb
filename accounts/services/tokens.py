"""Whose a token is, read again only after a moment."""

from django.contrib.auth.models import AbstractBaseUser
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import Token

from accounts.selectors import user_with_version
from accounts.services.recent import Recent
from accounts.tokens import is_current

recent: Recent[AbstractBaseUser] = Recent()  # by their ids as tokens have them


def find_user(token: Token) -> AbstractBaseUser | None:
    """Return the user of a token that is in order, None if the user's tokens were ended or the user may not log in."""
    user_id = str(token.get(api_settings.USER_ID_CLAIM))
    user = recent.find(user_id, lambda: user_with_version(user_id))
    return user if user is not None and is_current(token, user) else None
