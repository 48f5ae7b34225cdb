"""The forms that answers come in besides JSON: their media types, and which of them Accept asks for."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer

from api.rendering import dump

EVENT_STREAM = "text/event-stream"


class Form(BaseRenderer):
    """A media type that a view answers with a response of its own; what it leaves to be rendered is JSON."""

    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """Return the bytes of the answer's body; none for an answer without one."""
        return b"" if data is None else dump(data)


class EventStreamForm(Form):
    """Server-sent events."""

    media_type = EVENT_STREAM
    format = "events"


class NdjsonForm(Form):
    """One JSON object a line."""

    media_type = "application/x-ndjson"
    format = "ndjson"


class CsvForm(Form):
    """A table as text."""

    media_type = "text/csv"
    format = "csv"


class ParquetForm(Form):
    """A table in columns."""

    media_type = "application/vnd.apache.parquet"
    format = "parquet"


class SvgForm(Form):
    """A picture."""

    media_type = "image/svg+xml"
    format = "svg"
