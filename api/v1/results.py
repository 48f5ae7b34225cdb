"""Results of jobs."""

from contextlib import nullcontext
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.exceptions import NotAcceptable
from rest_framework.request import Request

from analysis.errors import Fault
from api import parquet
from api.conditional import etag_of, not_modified, unchanged, with_cache_headers
from api.event_tables import TABLES
from api.fields import Body, WholeNumberText
from api.media_types import CsvForm, NdjsonForm, ParquetForm
from api.queries import Listed, read_query
from api.rendering import JSONRenderer, dump
from api.schema import documented
from api.streaming import taken
from api.v1 import result_forms
from api.v1.result_serializers import RESULT
from api.views import Endpoint, caller
from jobs import concurrency_slots, selectors
from jobs.errors import InvalidRequest
from jobs.results import PAGE_ITEMS

JSON, NDJSON, CSV, PARQUET = (form.media_type for form in (JSONRenderer, NdjsonForm, CsvForm, ParquetForm))
# Which parameters belong to some forms only.
OF_FORMS = {"cursor": (JSON,), "limit": (JSON,), "rows": (JSON,), "table": (CSV, PARQUET)}


class ResultQuery(Body):
    """Which part of a result."""

    symbol = Listed(required=False, help_text="Symbols, separated by commas; all if left out.")
    columns = Listed(required=False, help_text="Columns, separated by commas; all if left out.")
    last = WholeNumberText(
        required=False, min_value=1, max_value=settings.SERIES_MAX_BARS, help_text="The last n bars."
    )
    rows = WholeNumberText(
        required=False,
        min_value=1,
        max_value=settings.SERIES_MAX_BARS,
        help_text="At most n bars a page, of one symbol or several; `next` goes on where it ends. Of application/json.",
    )
    cursor = serializers.CharField(required=False, help_text="`next` of the page before; of application/json.")
    limit = WholeNumberText(
        required=False, default=PAGE_ITEMS, min_value=1, max_value=PAGE_ITEMS, help_text="Of application/json."
    )
    table = serializers.ChoiceField(
        required=False,
        choices=["columns", *TABLES],
        help_text="Of text/csv and Parquet: a row for each bar, for each event, or for each of what it is made of.",
    )


class JobResult(Endpoint):
    """What a job has found out."""

    renderer_classes = (JSONRenderer, NdjsonForm, CsvForm, ParquetForm)

    def get_renderers(self) -> list[Any]:
        """Return the forms that this environment can write."""
        forms = super().get_renderers()
        return forms if parquet.is_installed() else [form for form in forms if not isinstance(form, ParquetForm)]

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Return the form that Accept asks for; say what is missing where it is only that."""
        try:
            return super().perform_content_negotiation(request, force)
        except NotAcceptable:
            if PARQUET in request.headers.get("Accept", "") and not parquet.is_installed():
                detail = "This server writes no Parquet; its operator can install requirements/parquet.txt."
                raise NotAcceptable(detail, "parquet_not_installed") from None
            raise

    @documented(
        "Read a result",
        parameters=[ResultQuery],
        answers={
            (200, JSON): RESULT,
            (200, NDJSON): OpenApiTypes.STR,
            (200, CSV): OpenApiTypes.STR,
            (200, PARQUET): OpenApiTypes.BINARY,
        },
        problems=(304, 404, 409, 410, 422, 503),
    )
    def get(self, request: Request, job_id: UUID) -> HttpResponseBase:
        """Answer one symbol's result as it is, and those of several symbols in pages with whatever failed.

        As NDJSON all symbols come, a line each; CSV and Parquet have a row for each symbol and bar, or for each
        event or part of one.
        """
        form = str(request.accepted_renderer.media_type)
        query = read_query(ResultQuery, request)
        faults = [
            Fault(f"?{name}", "not_for_this_form", f"This goes with {' or '.join(forms)}, not with {form}.")
            for name, forms in OF_FORMS.items()
            if name in request.query_params and form not in forms
        ]
        if faults:
            raise InvalidRequest(faults)
        job = selectors.find_job(owner=caller(request), job_id=job_id)
        version = settings.SPECTACULAR_SETTINGS["VERSION"]
        # A job's result never changes once it is over, so its tag needs no reading of it.
        etag = etag_of([str(job.pk), str(job.state), job.finished_at, form, query, version])
        if job.finished_at is not None and unchanged(request, etag):
            return not_modified(etag, final=True)
        if "symbol" in query:
            query["symbols"] = [text.upper() for text in query.pop("symbol")]
        place = taken(concurrency_slots.large) if selectors.is_large(job) else None
        if form == JSON:
            with place or nullcontext():
                body = dump(result_body(selectors.read_result(job, **query)))
            return with_cache_headers(HttpResponse(body, content_type=JSON), etag, final=True)
        query.pop("limit")
        table = query.pop("table", "columns")
        try:
            found = selectors.read_all(job, **query)
            answer = result_forms.answered(found, form, table=table, name=str(job.pk), place=place)
        except BaseException:
            if place is not None:
                place.close()
            raise
        return with_cache_headers(answer, etag, final=True)


def result_body(page: Any) -> dict[str, Any]:
    """Return what is answered for a page: the one result of a job of one symbol, else the list with its failures."""
    if page.single and len(page.items) == 1:
        item: dict[str, Any] = page.items[0]
        return item | {"next": page.next} if "rows" in item else item
    return {"items": page.items, "failed": page.failed, "next": page.next}
