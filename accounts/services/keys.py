"""The verbs of API keys: create, find by what a client sent, revoke."""

import hmac
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db import OperationalError
from django.db.models import Q

from accounts.models import KEY_PREFIX, ApiKey, Scope, hashed, new_key
from accounts.services.recent import Recent
from accounts.signals import credential_revoked

_KEY = re.compile(rf"{KEY_PREFIX}([0-9a-f]{{12}})_[A-Za-z0-9_-]{{43}}")
# Exact enough to find forgotten keys, and no write on most requests.
LAST_USED_STEP = timedelta(minutes=5)
_recent: Recent[ApiKey] = Recent()  # by the hash of their text


class NewKey(NamedTuple):
    """A key that has just been made: its text, which cannot be had again, and its row."""

    text: str
    row: ApiKey


def create_key(
    *, owner: AbstractBaseUser, name: str, scopes: Iterable[str], now: datetime, expires_at: datetime | None = None
) -> NewKey:
    """Store a new key and return it."""
    text, prefix, sha256 = new_key()
    row = ApiKey.objects.create(
        owner_id=owner.pk,
        name=name,
        prefix=prefix,
        sha256=sha256,
        scopes=[scope for scope in Scope.values if scope in set(scopes)],
        created_at=now,
        expires_at=expires_at,
    )
    return NewKey(text, row)


def find_key(text: str, *, now: datetime) -> ApiKey | None:
    """Return the usable key with this text, with its owner, and note that it was used; None for any other."""
    match = _KEY.fullmatch(text)
    if match is None:
        return None
    digest = hashed(text)
    key = _recent.find(digest, lambda: _stored(match[1], digest))
    if key is None or not key.is_usable(now):
        return None
    if key.last_used_at is None or now - key.last_used_at >= LAST_USED_STEP:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - LAST_USED_STEP)
        with suppress(OperationalError):  # a full disk is no reason to refuse who wants to read
            ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
        key.last_used_at = now
    return key


def _stored(prefix: str, digest: str) -> ApiKey | None:
    key = ApiKey.objects.select_related("owner").filter(prefix=prefix).first()
    return key if key is not None and hmac.compare_digest(key.sha256, digest) else None


def revoke(keys: Iterable[int], *, now: datetime) -> int:
    """Revoke the keys with these ids, and return how many were not revoked before."""
    count = ApiKey.objects.filter(pk__in=list(keys), revoked_at__isnull=True).update(revoked_at=now)
    credential_revoked.send(ApiKey)
    return count
