"""The reads of API keys."""

from datetime import datetime

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
