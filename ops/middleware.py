"""Every request gets an id, a log line and its metrics; probes are answered before anything else is asked."""

import re
import time
from collections.abc import Callable
from secrets import token_hex
from typing import Any

import structlog
from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from accounts.login_throttle import LockedOut
from accounts.password_checks import NoPlace
from ops import health, metrics
from ops.checks import require_safe_broker
from ops.exposition import metrics as metrics_view

log = structlog.get_logger("access")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# Kubelet and Prometheus call by a pod's address, which is no allowed host, and need no session.
PROBES: dict[str, Any] = {
    path: convert_exception_to_response(view)
    for path, view in (
        ("/health", health.health),
        ("/health/live", health.live),
        ("/health/ready", health.ready),
        ("/metrics", metrics_view),
    )
}


class RequestMiddleware:
    """Stand in front of all other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        if settings.PRODUCTION:
            require_safe_broker()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with its id bound to every log line written meanwhile."""
        began = time.perf_counter()
        request_id = new_request_id(request.headers.get("X-Request-Id"))
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            probe = PROBES.get(request.path_info)
            response = self.get_response(request) if probe is None else probe(request)
            response.headers["X-Request-Id"] = request_id
            _record(request, response, time.perf_counter() - began, quiet=probe is not None)
            if getattr(response, "replayable", None) is not None:
                response.replayable = _facts(request, response)  # type: ignore[union-attr]
            return response
        finally:
            structlog.contextvars.clear_contextvars()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a login that the admin's form was not to try; the API's own views answer theirs as problems."""
        if not isinstance(exception, (LockedOut, NoPlace)):
            return None
        headers = {"Retry-After": str(int(getattr(exception, "wait", 0))), "Cache-Control": "no-store"}
        text = f"{exception.detail} Try again later."
        return HttpResponse(text, status=exception.status_code, content_type="text/plain", headers=headers)


def new_request_id(given: str | None) -> str:
    """Return the caller's id if it is harmless in a log and in a column, else a new one."""
    return given if given is not None and _REQUEST_ID.fullmatch(given) else token_hex(16)


def _record(request: HttpRequest, response: HttpResponse, seconds: float, *, quiet: bool) -> None:
    method = request.method if request.method in _METHODS else "other"
    route = request.path_info if quiet else _route(request)
    metrics.http_requests_total.labels(method, route, str(response.status_code)).inc()
    if not _asked_to_wait(request):
        metrics.http_request_duration_seconds.labels(method, route).observe(seconds)
    write = log.debug if quiet and response.status_code < 500 else log.info
    write(
        "request_completed",
        method=request.method,
        path=request.path,
        status_code=response.status_code,
        duration=f"{seconds:.3f}s",
        **_session_user(request),
    )


def _facts(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    """Return what the log lines and metrics of this answer have in common with those of its replays."""
    context = structlog.contextvars.get_contextvars()
    for own in ("request_id", "traceparent"):
        context.pop(own, None)
    known = {"method": request.method, "path": request.path, "status_code": response.status_code}
    return {**context, **known, "route": _route(request)}


def _asked_to_wait(request: HttpRequest) -> bool:
    """Tell whether the time was the client's wish (?wait=, Prefer: wait=), which says nothing of our speed."""
    return "wait=" in request.META.get("QUERY_STRING", "") or "wait" in request.headers.get("Prefer", "")


def _route(request: HttpRequest) -> str:
    """Return the pattern that matched, never the path: its values are without bound."""
    match: ResolverMatch | None = request.resolver_match
    if match is not None:
        return f"/{match.route}"
    return settings.STATIC_URL if request.path_info.startswith(settings.STATIC_URL) else "unmatched"


def _session_user(request: HttpRequest) -> dict[str, int]:
    """Return the admin's user as log context, if the request has loaded it; API views bind theirs themselves."""
    user = getattr(request, "_cached_user", None)
    return {"owner": user.pk} if user is not None and user.pk is not None else {}
