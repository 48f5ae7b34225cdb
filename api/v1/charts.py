"""Pictures of results."""

from contextlib import nullcontext
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request

from api.conditional import etag_of, not_modified, unchanged, with_cache_headers
from api.fields import Body, WholeNumberText
from api.media_types import SvgForm
from api.queries import Listed, MomentParameter, read_query
from api.schema import documented
from api.streaming import taken
from api.views import Endpoint, caller
from charts import MAX_BARS, MAX_HEIGHT, MAX_WIDTH, MIN_HEIGHT, MIN_WIDTH, WIDTH
from jobs import concurrency_slots, selectors
from jobs.result_charts import result_chart
from market.symbols import SYMBOL_CHARS


class ChartQuery(Body):
    """What to draw."""

    symbol = serializers.CharField(
        required=False, max_length=SYMBOL_CHARS, help_text="The job's first symbol if left out."
    )
    last = WholeNumberText(required=False, default=200, min_value=20, max_value=MAX_BARS, help_text="The last n bars.")
    end = MomentParameter(required=False, help_text="The last n bars before this moment; the newest if left out.")
    event = serializers.CharField(
        required=False, max_length=64, help_text="The id of one event: the bars around it, and no other event."
    )
    columns = Listed(required=False, help_text="The columns to draw, separated by commas; all if left out.")
    width = WholeNumberText(
        required=False, default=WIDTH, min_value=MIN_WIDTH, max_value=MAX_WIDTH, help_text="Pixels."
    )
    height = WholeNumberText(
        required=False,
        min_value=MIN_HEIGHT,
        max_value=MAX_HEIGHT,
        help_text="Pixels; as many as the picture takes if left out. With fewer than it takes: `too_small`.",
    )


class JobChart(Endpoint):
    """A result to look at."""

    renderer_classes = (SvgForm,)

    @documented(
        "Draw a result",
        parameters=[ChartQuery],
        answers={(200, "image/svg+xml"): OpenApiTypes.STR},
        problems=(304, 404, 409, 422, 503),
    )
    def get(self, request: Request, job_id: UUID) -> HttpResponseBase:
        """Answer an SVG of one symbol's candles with the columns, conditions and patterns of the result drawn in.

        What is left out is said below the picture, with how to ask for it.
        """
        query = read_query(ChartQuery, request)
        job = selectors.find_job(owner=caller(request), job_id=job_id)
        etag = etag_of([str(job.pk), str(job.state), job.finished_at, query, settings.SPECTACULAR_SETTINGS["VERSION"]])
        if job.finished_at is not None and unchanged(request, etag):
            return not_modified(etag, final=True)
        if "symbol" in query:
            query["symbol"] = query["symbol"].upper()
        with taken(concurrency_slots.large) if selectors.is_large(job) else nullcontext():
            picture = result_chart(job, **query)
        answer = HttpResponse(picture, content_type="image/svg+xml; charset=utf-8")
        return with_cache_headers(answer, etag, final=True)
