"""Guessing is slow: who has failed too often from one address has to wait, whatever is tried meanwhile.

An API key's secret cannot be guessed, so its failures cost only those who fail: a usable key always works. A password
can, so once an address has failed too often with a name, or at all, even the right one is refused until the pause ends.
"""

import hashlib
import re
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest
from rest_framework.exceptions import Throttled

from accounts.counters import count, counted, forget

PAUSE_SECONDS = 300
# How many times as many failures as with one name an address may have with any.
ANY_NAME = 10
_WITH_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9.]{7,15}))(?::[0-9]{1,5})?")


class LockedOut(Throttled):
    """Too many wrong credentials came from this address."""

    default_code = "too_many_failures"
    default_detail = "Too many wrong credentials from this address."


def address_of(request: HttpRequest) -> str:
    """Return where the request is from; behind proxies, what the outermost of those that are trusted has seen.

    Each adds the address it sees to X-Forwarded-For. What stands before theirs is what clients say of themselves.
    """
    proxies = settings.TRUSTED_PROXIES
    if proxies > 0:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", proxies)[-proxies:]
        if len(forwarded) == proxies and (address := _address(forwarded[0].strip())):
            return address
    return str(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str | None:
    """Return the address in its usual form, without the port that some proxies add; None if it is none."""
    found = _WITH_PORT.fullmatch(text)
    try:
        address = ip_address((found[1] or found[2]) if found else text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return None if address.scope_id else str(address.ipv4_mapped or address)
    return str(address)


def attempt(request: HttpRequest, name: str) -> None:
    """Count an attempt as a failure before it is known to be one; raise LockedOut when there have been too many.

    Counted afterwards, any number of attempts that come at once would find none before them.
    """
    limit = settings.LOGIN_FAILURES
    if not limit:
        return
    keys = _keys(request, name, limit)
    if any((counted(key) or 0) >= most for key, most in keys):
        raise LockedOut(wait=PAUSE_SECONDS)
    if failed(request, name):
        take_back(request, name)
        raise LockedOut(wait=PAUSE_SECONDS)


def take_back(request: HttpRequest, name: str) -> None:
    """Uncount an attempt that nothing came of."""
    if settings.LOGIN_FAILURES:
        for key, _ in _keys(request, name, settings.LOGIN_FAILURES):
            count(key, seconds=PAUSE_SECONDS, amount=-1)


def failed(request: HttpRequest, name: str) -> bool:
    """Count a failure; tell whether there have been too many now."""
    limit = settings.LOGIN_FAILURES
    if not limit:
        return False
    counts = [(count(key, seconds=PAUSE_SECONDS) or 0, most) for key, most in _keys(request, name, limit)]
    return any(number > most for number, most in counts)


def succeeded(request: HttpRequest, name: str) -> None:
    """Uncount the attempt, and forget the failures of this address with this name."""
    if settings.LOGIN_FAILURES:
        take_back(request, name)
        forget(_keys(request, name, settings.LOGIN_FAILURES)[0][0])


def _keys(request: HttpRequest, name: str, limit: int) -> list[tuple[str, int]]:
    """Return both counters' keys with their limits; a name is hashed, since people type passwords into that field."""
    address = address_of(request)
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    return [(f"failures/{address}/{digest}", limit), (f"failures/{address}", limit * ANY_NAME)]
