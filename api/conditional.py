"""Answers that a client may keep, and 304 for what it has already."""

from hashlib import sha256
from typing import Any

from django.http import HttpResponseBase
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

from api.rendering import dump

# A finished answer never changes, but a deleted one must not live on in a cache for long.
KEEP_SECONDS = 60


def etag_of(value: Any, *, weak: bool = False) -> str:
    """Return the entity tag of plain values."""
    digest = sha256(dump(value)).hexdigest()[:32]
    return f'{"W/" if weak else ""}"{digest}"'


def unchanged(request: Request, etag: str) -> bool:
    """Tell whether the client has this version already; tags are compared weakly, as RFC 9110 has it for GET."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    opaque = etag.removeprefix("W/")
    return "*" in known or any(tag.removeprefix("W/") == opaque for tag in known)


def with_cache_headers(response: HttpResponseBase, etag: str, *, final: bool) -> HttpResponseBase:
    """Return the response with its tag and with how long a client may keep it."""
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"private, max-age={KEEP_SECONDS}" if final else "private, no-cache"
    if final and not response.streaming:
        # The response cache may give this answer again; the middleware puts here what the access log says of it.
        response.replayable = {}  # type: ignore[attr-defined]
    return response


def not_modified(etag: str, *, final: bool) -> HttpResponseBase:
    """Return 304."""
    return with_cache_headers(Response(status=304), etag, final=final)
