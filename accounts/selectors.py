"""The reads of API keys, and of users by their tokens."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q, QuerySet

from accounts.models import ApiKey

# Usable ones of one owner, made through the API.
MAX_KEYS = 100


def keys_of(owner: AbstractBaseUser) -> QuerySet[ApiKey]:
    """Return this user's keys, those that are expired or revoked as well, by prefix."""
    return ApiKey.objects.filter(owner_id=owner.pk).order_by("prefix")


def has_room(owner: AbstractBaseUser, *, now: datetime) -> bool:
    """Tell whether this user has fewer usable keys than they may have."""
    lasting = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    return keys_of(owner).filter(lasting, revoked_at__isnull=True).count() < MAX_KEYS


def user_with_version(user_id: Any) -> AbstractBaseUser | None:
    """Return the user of the id that a token names, read together with the row of their tokens, or None."""
    try:
        pk = int(user_id)
    except (TypeError, ValueError):
        return None
    users: QuerySet[Any] = get_user_model()._default_manager.select_related("token_version")
    found: AbstractBaseUser | None = users.filter(pk=pk).first() if 0 < pk < 1 << 63 else None
    return found


def owner_named(name: str) -> int:
    """Return the owner's id, by which rows are looked up without a join; 0, which nobody has, for a name of nobody."""
    return get_user_model().objects.filter(username=name).values_list("pk", flat=True).first() or 0
