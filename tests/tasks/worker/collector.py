"""A collector of traces: takes what is sent to it over OTLP, and shows it as plain values."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass
class Span:
    """What was recorded."""

    service: str
    name: str
    trace: str
    own: str
    parent: str
    seconds: float
    failed: bool
    told: dict[str, Any]


@dataclass
class Collector:
    """What has come so far."""

    url: str = ""
    spans: list[Span] = field(default_factory=list)

    def of(self, trace: str) -> dict[str, Span]:
        """Return the spans of a trace by name."""
        return {span.name: span for span in self.spans if span.trace == trace}


def read(body: bytes) -> Iterator[Span]:
    """Yield the spans of one message."""
    for part in ExportTraceServiceRequest.FromString(body).resource_spans:
        resource = {one.key: one.value.string_value for one in part.resource.attributes}
        for scope in part.scope_spans:
            for span in scope.spans:
                told = {one.key: one.value.string_value or one.value.int_value for one in span.attributes}
                yield Span(
                    resource["service.name"],
                    span.name,
                    span.trace_id.hex(),
                    span.span_id.hex(),
                    span.parent_span_id.hex(),
                    (span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
                    span.status.code == 2,
                    told,
                )


@contextmanager
def collecting() -> Iterator[Collector]:
    """Listen on a free port."""
    collector = Collector()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            collector.spans += read(body)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        collector.url = f"http://127.0.0.1:{server.server_address[1]}/v1/traces"
        try:
            yield collector
        finally:
            server.shutdown()
