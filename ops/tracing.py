"""Traces over OTLP, where TRACES_URL says where to: the one module that knows the library, which is optional.

A span's context is a line of W3C's Trace Context (`traceparent`). It goes with the job's row, so that the worker's
spans belong to the request whatever becomes of messages.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

# A collector that is away shall delay neither spans that wait nor the end of a process for long.
EXPORT_SECONDS = 3
HEADER = "traceparent"


def demand_library() -> None:
    """Raise ImproperlyConfigured if traces are to be sent and what sends them is not installed."""
    try:
        import opentelemetry.exporter.otlp.proto.http.trace_exporter
        import opentelemetry.sdk.trace  # noqa: F401
    except ImportError:
        text = "TRACES_URL is set, and requirements/tracing.txt is not installed (REQUIREMENTS=tracing for the image)."
        raise ImproperlyConfigured(text) from None


@contextmanager
def request_span(name: str, given: str | None, attributes: Mapping[str, Any]) -> Iterator["Span"]:
    """Open the span of a request, as part of the caller's trace if it names one; what cannot be read is none."""
    from opentelemetry.trace import SpanKind

    with _tracer("api").start_as_current_span(
        name, context=_context(given), kind=SpanKind.SERVER, attributes=dict(attributes)
    ) as span:
        yield span


def traceparent_of(span: "Span") -> str:
    """Return the context of a span that is recorded, as a job keeps it; empty for one that is not."""
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-01" if span.is_recording() else ""


def past_span(
    name: str, parent: str, began: datetime, ended: datetime, attributes: Mapping[str, Any], fault: str = ""
) -> None:
    """Record what a worker did between two moments as part of a request's trace; `fault` says that it failed."""
    from opentelemetry.trace import SpanKind, Status, StatusCode

    span = _tracer("worker").start_span(
        name,
        context=_context(parent),
        kind=SpanKind.CONSUMER,
        attributes=dict(attributes),
        start_time=_nanoseconds(began),
    )
    if fault:
        span.set_status(Status(StatusCode.ERROR, fault))
    span.end(_nanoseconds(max(began, ended)))


def flush() -> None:
    """Send what waits, for a few seconds at most."""
    if settings.TRACES_URL:
        _provider("worker", os.getpid()).force_flush(EXPORT_SECONDS * 1_000)


def _tracer(part: str) -> "Tracer":
    return _provider(part, os.getpid()).get_tracer("gravity")


@cache
def _provider(part: str, pid: int) -> "TracerProvider":
    """Return what makes and sends spans, one for a process: threads do not survive a fork."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    named = {
        "service.name": f"technical-analysis-{part}",
        "service.version": settings.SPECTACULAR_SETTINGS["VERSION"],
        "process.pid": pid,
    }
    provider = TracerProvider(
        resource=Resource.create(named), sampler=ParentBased(TraceIdRatioBased(settings.TRACES_SHARE))
    )
    exporter = OTLPSpanExporter(endpoint=settings.TRACES_URL, timeout=EXPORT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1_000))
    return provider


def _context(traceparent: str | None) -> "Context":
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({HEADER: traceparent} if traceparent else {})


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1e9)
