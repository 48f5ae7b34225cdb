"""What this process has looked up in the last moments for credentials, so that not every request reads the database.

What another process revokes or changes counts here when its moment is over; what this one does, at once.
"""

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.conf import settings

from accounts.signals import credential_revoked

MOST = 1_000
Found = TypeVar("Found")


class Recent(Generic[Found]):
    """Rows by what is known of a credential, each read again after API_KEY_CACHE_SECONDS, and never a missing one."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Found]] = {}
        credential_revoked.connect(self.forget)

    def find(self, name: str, read: Callable[[], Found | None]) -> Found | None:
        """Return what was found a moment ago under this name, or else what is read now."""
        known, now = self._known, time.monotonic()
        read_at, found = known.get(name, (0.0, None))
        if found is not None and now - read_at < settings.API_KEY_CACHE_SECONDS:
            return found
        found = read()
        if found is not None:
            if len(known) >= MOST:
                known.clear()
            known[name] = (now, found)
        return found

    def forget(self, **_: Any) -> None:
        """Read everything again when it is next asked for."""
        # Another one, so that what a thread has read before does not come into it afterwards.
        self._known = {}
