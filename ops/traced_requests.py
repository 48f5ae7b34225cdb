"""The spans of requests: in the middleware only where TRACES_URL is set. Replays and probes have none."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from ops import tracing


class TracedRequests:
    """Stand behind ops.middleware, which gives the request its id, and answer inside a span."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        tracing.demand_library()
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; its jobs, and its log lines, keep the span's context."""
        told = {
            "http.request.method": request.method or "",
            "url.path": request.path,
            "request_id": getattr(request, "request_id", ""),
        }
        given = request.headers.get(tracing.HEADER)
        with tracing.request_span(request.method or "", given, told) as span:
            if context := tracing.traceparent_of(span):
                structlog.contextvars.bind_contextvars(traceparent=context)
            response = self.get_response(request)
            if request.resolver_match is not None:
                # As in metrics: what matched, whose values are bounded, and not the path.
                route = f"/{request.resolver_match.route}"
                span.update_name(f"{request.method} {route}")
                span.set_attribute("http.route", route)
            span.set_attribute("http.response.status_code", response.status_code)
            return response
