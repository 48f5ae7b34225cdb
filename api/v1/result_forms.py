"""A result in its other forms: NDJSON as a stream, CSV and Parquet as whole files."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from typing import IO, Any

import structlog
from django.http import HttpResponse, HttpResponseBase

from api import parquet, tables
from api.event_tables import TABLES
from api.media_types import CsvForm, NdjsonForm
from api.rendering import dump
from api.result_lines import line
from api.streaming import streamed, whole_file
from jobs.concurrency_slots import Slot
from jobs.selectors import AllResults

log = structlog.get_logger(__name__)


def answered(found: AllResults, form: str, *, table: str, name: str, place: Slot | None) -> HttpResponseBase:
    """Return the results in the form of this media type; `name` is what a file is called, without its ending.

    `place` is what was taken for reading much at once; it is given back when everything has been read.
    """
    if form == NdjsonForm.media_type:
        if found.chunk_count == 1 and place is None:
            return HttpResponse(b"".join(_pieces(found.answers)), content_type=form)
        return streamed(_lines(found.answers), form, *([] if place is None else [place]))
    is_csv = form == CsvForm.media_type
    write_events = tables.write_events if is_csv else parquet.write_events
    write_columns = tables.write_columns if is_csv else parquet.write_columns

    def write(file: IO[bytes]) -> Iterator[None]:
        if table in TABLES:
            return write_events(file, found.answers, TABLES[table])
        return write_columns(file, found.answers, found.keys)

    with place or nullcontext():
        return whole_file(
            write,
            content_type=tables.CSV_TYPE if is_csv else form,
            name=f"{name}.{'csv' if is_csv else 'parquet'}",
        )


def _pieces(answers: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    for answer in answers:
        yield from line(answer)


def _lines(answers: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    try:
        yield from _pieces(answers)
    except Exception:
        # The status has gone out already, and a stream that just ended would look complete. What has been sent of a
        # line is no JSON, and the error has a line of its own.
        log.exception("stream_broken")
        yield (
            b"\n"
            + dump({"error": {"code": "internal_error", "detail": "The stream broke off; read it again."}})
            + b"\n"
        )
