"""A result in its other forms: NDJSON as a stream, CSV and Parquet as whole files."""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

import structlog
from django.http import HttpResponse, HttpResponseBase

from api import parquet, tables
from api.event_tables import TABLES
from api.media_types import CsvForm, NdjsonForm
from api.rendering import dump
from api.streaming import streamed, whole_file
from jobs.selectors import AllResults

log = structlog.get_logger(__name__)


def answered(found: AllResults, form: str, *, table: str, name: str) -> HttpResponseBase:
    """Return the results in the form of this media type; `name` is what a file is called, without its ending."""
    if form == NdjsonForm.media_type:
        if found.chunk_count == 1:
            return HttpResponse(b"".join(map(_line, found.answers)), content_type=form)
        return streamed(_lines(found.answers), form)
    is_csv = form == CsvForm.media_type
    write_events = tables.write_events if is_csv else parquet.write_events
    write_columns = tables.write_columns if is_csv else parquet.write_columns

    def write(file: IO[bytes]) -> Iterator[None]:
        if table in TABLES:
            return write_events(file, found.answers, TABLES[table])
        return write_columns(file, found.answers, found.keys)

    return whole_file(
        write,
        content_type=tables.CSV_TYPE if is_csv else form,
        name=f"{name}.{'csv' if is_csv else 'parquet'}",
    )


def _line(answer: Mapping[str, Any]) -> bytes:
    """Return a result, or a symbol that failed, as a line."""
    if "columns" not in answer:
        answer = {"symbol": answer["symbol"], "failed": {"code": answer["code"], "detail": answer["detail"]}}
    return dump(answer) + b"\n"


def _lines(answers: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    try:
        yield from map(_line, answers)
    except Exception:
        # The status has gone out already, and a stream that just ended would look complete.
        log.exception("stream_broken")
        yield dump({"error": {"code": "internal_error", "detail": "The stream broke off; read it again."}}) + b"\n"
