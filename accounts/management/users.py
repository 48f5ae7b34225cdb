"""Users as commands are told of them."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import CommandError


def user_named(name: str) -> AbstractBaseUser:
    """Return the user of this name; raise CommandError if there is none."""
    user: AbstractBaseUser | None = get_user_model()._default_manager.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no user {name!r}.")
    return user
