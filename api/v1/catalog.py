"""What can be asked for: indicators and patterns, and the limits in force."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from analysis import __version__
from analysis.catalog import Entry, catalog
from analysis.catalog.catalog_record import catalog_record
from analysis.language.handed import handed_records
from api.conditional import etag_of, not_modified, unchanged, with_cache_headers
from api.fields import JsonValue
from api.schema import documented
from api.v1 import job_body
from api.views import Endpoint
from charts.presentation import presentation
from jobs import selectors
from jobs.results import PAGE_ITEMS


class ParamSerializer(serializers.Serializer[Any]):
    """A parameter, its default and its bounds."""

    name = serializers.CharField()
    type = serializers.CharField()
    default = JsonValue(allow_null=True)
    title = serializers.CharField(allow_blank=True)
    minimum = serializers.FloatField(required=False)
    maximum = serializers.FloatField(required=False)
    choices = serializers.ListField(child=serializers.CharField(), required=False)


class OutputSerializer(serializers.Serializer[Any]):
    """A column that comes out, its unit and its range."""

    name = serializers.CharField()
    unit = serializers.CharField(allow_null=True)
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    pane = serializers.ChoiceField(["overlay", "own"], help_text="Over what it is computed from, or apart.")
    style = serializers.ChoiceField(  # type: ignore[assignment]
        ["line", "histogram", "band", "marker"], help_text="What it is drawn as."
    )


class CertificateSerializer(serializers.Serializer[Any]):
    """What the check found that proves an entry to be point in time."""

    point_in_time = serializers.BooleanField()
    series = serializers.ListField(child=serializers.CharField())
    bars = serializers.IntegerField()
    prefixes = serializers.IntegerField(help_text="Runs on fewer bars, all of which agreed with the whole.")
    engine = serializers.CharField()


class RateSerializer(serializers.Serializer[Any]):
    """Events on a kind of series."""

    per_1000 = serializers.FloatField(help_text="Events per 1,000 bars.")
    interval = serializers.ListField(
        child=serializers.FloatField(),
        allow_null=True,
        help_text="95 %: calendar quarters drawn with all symbols in them, on noise its draws. Null below 20 events.",
    )
    events = serializers.IntegerField()
    bars = serializers.IntegerField()


class WalkSerializer(serializers.Serializer[Any]):
    """What a random walk without drift would give, in closed form."""

    target = serializers.FloatField()
    stop = serializers.FloatField()


class NoiseOutcomesSerializer(serializers.Serializer[Any]):
    """The same on shuffled bars."""

    events = serializers.IntegerField()
    target = serializers.FloatField()
    interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    stop = serializers.FloatField()
    walk = serializers.FloatField(help_text="`target` of a random walk with their targets and stops.")


class OutcomesSerializer(serializers.Serializer[Any]):
    """What became of events whose life is over: shares of `events`. See docs/models.md for what an outcome is."""

    events = serializers.IntegerField()
    target = serializers.FloatField(help_text="Whose first target was met before the stop.")
    interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    stop = serializers.FloatField()
    mean_r = serializers.FloatField(help_text="Mean gain in units of what was risked, before costs.")
    mean_r_interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    walk = WalkSerializer()
    noise = NoiseOutcomesSerializer(allow_null=True)
    verdict = serializers.CharField(allow_null=True, help_text="On `target` against that on noise.")
    bars_to_target = serializers.FloatField(allow_null=True, help_text="Median of those that met it.")
    apart = serializers.DictField(child=serializers.IntegerField(), help_text="What could not be measured, and why.")


class MeasuredSerializer(serializers.Serializer[Any]):
    """How often a detector fires at a timeframe and a scale, else at its defaults, and what comes of it."""

    timeframe = serializers.CharField()
    scale = serializers.CharField(allow_null=True)
    blocks = RateSerializer(help_text="Real bars in blocks of 20 in another order, with their drift.")
    gaussian = RateSerializer(help_text="A path of normal steps, 60 to a bar.")
    real = RateSerializer()
    ratio = serializers.FloatField(allow_null=True, help_text="Real over `blocks`; null below 20 events.")
    ratio_interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    verdict = serializers.CharField(allow_null=True, help_text="`no different from chance` where the interval holds 1.")
    outcomes = OutcomesSerializer(allow_null=True, help_text="Null below 20 events, and without a target.")


class FormingSerializer(serializers.Serializer[Any]):
    """Patterns that were forming, and how many of them became events."""

    forming = serializers.IntegerField()
    became = serializers.IntegerField()


class BaselineSerializer(MeasuredSerializer):
    """What was measured of a detector: on daily bars at its default scale, and under `others` at all other ones."""

    seed = serializers.IntegerField()
    forming = FormingSerializer(allow_null=True)
    others = MeasuredSerializer(many=True)


class EntrySerializer(serializers.Serializer[Any]):
    """One analysis: how to call it, what it answers, and where it is from."""

    name = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    category = serializers.CharField(help_text="Also the name of the group.")
    aliases = serializers.ListField(child=serializers.CharField())
    inputs = serializers.ListField(child=serializers.CharField())
    source_default = serializers.CharField(allow_null=True, help_text="The input, where it can be chosen.")
    params = ParamSerializer(many=True)
    outputs = OutputSerializer(many=True)
    warmup = serializers.IntegerField(help_text="Leading values that are unknown, at the defaults.")
    history = serializers.CharField()
    converged_after = serializers.IntegerField(allow_null=True)
    undefined_when = serializers.CharField(allow_null=True)
    source = serializers.CharField(  # type: ignore[assignment]
        help_text="Book, paper, page."
    )
    notes = serializers.CharField(allow_null=True)
    certificate = CertificateSerializer(allow_null=True)
    baseline = BaselineSerializer(allow_null=True, help_text="Of detectors.")


class LimitsSerializer(serializers.Serializer[Any]):
    """The limits in force, told in advance."""

    symbols_per_job = serializers.IntegerField()
    open_jobs_per_owner = serializers.IntegerField(help_text="Jobs that are not over; 0: any number.")
    requests_per_minute = serializers.IntegerField(help_text="Of one owner; 0: any number.")
    analyses_per_job = serializers.IntegerField()
    tags_per_job = serializers.IntegerField()
    bars_per_series = serializers.IntegerField()
    body_bytes = serializers.IntegerField()
    items_per_result_page = serializers.IntegerField()
    bytes_per_result = serializers.IntegerField(help_text="Of one symbol: 8 a value, and the events as text.")
    bytes_per_job = serializers.IntegerField(help_text="Of the results of all its symbols.")
    bytes_per_result_page = serializers.IntegerField(help_text="As JSON.")
    bytes_per_result_file = serializers.IntegerField(help_text="As CSV or Parquet.")
    byte_days_per_owner = serializers.IntegerField(
        allow_null=True, help_text="Bytes of your jobs times the days that they are kept; null: any number."
    )


class ModelWordSerializer(serializers.Serializer[Any]):
    """What a served model is asked for by name, and in conditions as `name.output`."""

    name = serializers.CharField()
    title = serializers.CharField()
    params = ParamSerializer(many=True)
    outputs = serializers.ListField(child=serializers.CharField())


class CatalogSerializer(serializers.Serializer[Any]):
    """Everything that can be asked for."""

    engine = serializers.CharField()
    limits = LimitsSerializer()
    items = EntrySerializer(many=True)
    models = ModelWordSerializer(many=True)


@cache
def _body() -> tuple[dict[str, Any], str]:
    """Return the whole answer and its tag; nothing of it changes while the process lives."""
    limits = {
        "symbols_per_job": settings.JOB_MAX_SYMBOLS,
        "open_jobs_per_owner": settings.OPEN_JOBS_PER_OWNER,
        "requests_per_minute": settings.REQUESTS_PER_MINUTE,
        "analyses_per_job": settings.JOB_MAX_ANALYSES,
        "tags_per_job": job_body.MAX_TAGS,
        "bars_per_series": settings.SERIES_MAX_BARS,
        "body_bytes": settings.BODY_MAX_BYTES,
        "items_per_result_page": PAGE_ITEMS,
        "bytes_per_result": settings.RESULT_MAX_BYTES,
        "bytes_per_job": settings.JOB_RESULT_MAX_BYTES,
        "bytes_per_result_page": settings.RESULT_PAGE_MAX_BYTES,
        "bytes_per_result_file": settings.RESULT_FILE_MAX_BYTES,
        "byte_days_per_owner": selectors.storage_limit(),
    }
    items = [_shown(entry) for entry in catalog()]
    body = {"engine": __version__, "limits": limits, "items": items, "models": handed_records()}
    return body, etag_of(body)


def _shown(entry: Entry) -> dict[str, Any]:
    """Return the entry's record with how charts show each of its outputs."""
    record = catalog_record(entry)
    outputs = zip(record["outputs"], entry.outputs, strict=True)
    return record | {"outputs": [shown | presentation(entry, output)._asdict() for shown, output in outputs]}


class Catalog(Endpoint):
    """All analyses."""

    @documented(
        "List everything that can be computed, and the limits", answers={200: CatalogSerializer}, problems=(304,)
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Answer the whole catalogue; it changes only with a release."""
        body, etag = _body()
        if unchanged(request, etag):
            return not_modified(etag, final=True)
        return with_cache_headers(Response(body), etag, final=True)


class CatalogEntry(Endpoint):
    """One analysis."""

    @documented("Read one entry of the catalogue", answers={200: EntrySerializer}, problems=(404,))
    def get(self, request: Request, name: str) -> Response:
        """Answer the entry of this name or alias."""
        for entry in _body()[0]["items"]:
            if name == entry["name"] or name in entry.get("aliases", ()):
                return Response(entry)
        is_model = name in {word["name"] for word in _body()[0]["models"]}
        where = " It is what a model says: the list has it under models." if is_model else ""
        raise NotFound(f"The catalogue has no entry {name}.{where}", "unknown_analysis")
