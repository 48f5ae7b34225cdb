"""Models: their cards, as they lie beside their trees."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.conditional import etag_of, not_modified, unchanged, with_cache_headers
from api.media_types import SvgForm
from api.schema import documented
from api.v1.model_comparison import ComparisonSerializer, RecentSerializer
from api.v1.model_figures import MeasuredSerializer, gain_on, interval_by
from api.views import Endpoint, caller
from forecasts.selectors import KnownModel, known_model, known_models, reports
from ml.reliability_plot import plot

# What programs need to load a model, and nobody reads.
UNSHOWN = ("golden",)
DRIFT_VERDICTS = ["too_few", "stable", "warn", "alarm"]


class ModelSummarySerializer(serializers.Serializer[Any]):
    """A model in a list."""

    name = serializers.CharField()
    version = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of its card, which names that of its trees.")
    served = serializers.BooleanField(help_text="It is the one that is asked by its name.")
    registered_as = serializers.ChoiceField(
        choices=["candidate", "shadow", "champion", "retired"],
        allow_null=True,
        help_text="What staff use it for; shadow: asked beside the served one and answered to nobody. Null: nobody has "
        "registered it.",
    )
    lift_status = serializers.CharField(help_text="Whether more than base rates and chance was measured.")
    usable_from = serializers.DateField(help_text="Of events before, it has seen the outcome.")
    timeframes = serializers.ListField(child=serializers.CharField())
    model_status = serializers.ChoiceField(
        choices=["ready", "degraded"],
        allow_null=True,
        help_text="What was found when it was last read, or measured of it while it served; degraded: chance is "
        "answered. Null: not read yet.",
    )
    reason = serializers.CharField(allow_null=True, help_text="The code of why it is degraded.")
    detail = serializers.CharField(allow_null=True, help_text="The same for people.")
    examined_at = serializers.DateTimeField(allow_null=True, help_text="Since when that is so.")
    links = serializers.DictField(child=serializers.CharField())


class SharesSerializer(serializers.Serializer[Any]):
    """What was forecast of an outcome, and how often it came."""

    forecast = serializers.FloatField()
    observed = serializers.FloatField()


class ScorecardSerializer(MeasuredSerializer):
    """How predictions came out that were kept before anybody could know: of stored series, out of sample."""

    kept = serializers.IntegerField()
    pending = serializers.IntegerField(help_text="Whose life is not over.")
    scored = serializers.IntegerField(help_text="`target`, `stop` and `timeout` together.")
    target = serializers.IntegerField()
    stop = serializers.IntegerField()
    timeout = serializers.IntegerField()
    passed = serializers.IntegerField(help_text="Target or stop was passed at the entry.")
    gone = serializers.IntegerField(help_text="The series or the bar is not there any more.")
    quarters = serializers.IntegerField(help_text="Calendar quarters of what was scored.")
    gain = gain_on("chance")
    interval = interval_by("calendar quarters", "below 200 events or four quarters")
    shares = serializers.DictField(child=SharesSerializer(), allow_null=True)


class DriftSerializer(MeasuredSerializer):
    """How far the events of the last year are from those that the model was trained on."""

    events = serializers.IntegerField()
    series = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=DRIFT_VERDICTS)
    worst = serializers.ListField(help_text="Features with the largest population stability indices.")


class ModelSerializer(ModelSummarySerializer):
    """A model with its card, and how it does while it serves."""

    scorecard = ScorecardSerializer(allow_null=True, help_text="Null until something was measured.")
    drift = DriftSerializer(allow_null=True, help_text="Null until something was measured.")
    comparison = ComparisonSerializer(
        allow_null=True, help_text="With the model that is served now; null for who was never in shadow beside it."
    )
    recent = RecentSerializer(allow_null=True, help_text="Null until something was measured, once a week.")

    card = serializers.DictField(
        help_text="What it was trained on, every gate with its figure, log-loss, calibration with the reliability "
        "table, base rates with intervals, importances, and what it may not be used for."
    )


class ModelListSerializer(serializers.Serializer[Any]):
    """All models that there are."""

    items = ModelSummarySerializer(many=True)


def summary(model: KnownModel) -> dict[str, Any]:
    """Return a model as it stands in a list."""
    card = model.card
    return {
        "name": card["name"],
        "version": card["version"],
        "sha256": model.sha256,
        "served": model.is_served,
        "registered_as": model.registered_as,
        "lift_status": card.get("lift_status", ""),
        "usable_from": card.get("usable_from"),
        "timeframes": card.get("timeframes", []),
        "model_status": model.status,
        "reason": model.reason,
        "detail": model.detail,
        "examined_at": model.since,
        "links": {
            "self": reverse("model", [card["name"], card["version"]]),
            "reliability": reverse("model-reliability", [card["name"], card["version"]]),
        },
    }


class Models(Endpoint):
    """All models."""

    @documented("List the models", answers={200: ModelListSerializer})
    def get(self, request: Request) -> Response:
        """Answer every model, the newest version of each name first, and which is served.

        What somebody else has trained is left out until it was served.
        """
        return Response({"items": [summary(one) for one in known_models(caller(request))]})


class ModelDetail(Endpoint):
    """One model."""

    @documented("Read a model's card", answers={200: ModelSerializer}, problems=(304, 404))
    def get(self, request: Request, name: str, version: str) -> HttpResponseBase:
        """Answer the card of a model: what was found, and what it may not be used for."""
        found = known_model(name, version, caller(request))
        if found is None:
            raise NotFound(f"There is no model {name}/{version}.", "unknown_model")
        told = reports(found.sha256)
        changing = [
            found.since,
            found.reason,
            found.registered_as,
            *(one and one["measured_at"] for one in told.values()),
        ]
        etag = etag_of([found.sha256, found.is_served, *map(str, changing)])
        if unchanged(request, etag):
            return not_modified(etag, final=False)
        card = {key: value for key, value in found.card.items() if key not in UNSHOWN}
        return with_cache_headers(Response({**summary(found), **told, "card": card}), etag, final=False)


class ModelReliability(Endpoint):
    """How well a model's probabilities held, to look at."""

    renderer_classes = (SvgForm,)

    @documented("Draw a model's reliability", answers={(200, "image/svg+xml"): OpenApiTypes.STR}, problems=(304, 404))
    def get(self, request: Request, name: str, version: str) -> HttpResponseBase:
        """Answer an SVG of what was forecast of targets against what came of it, with what sampling alone would do."""
        found = known_model(name, version, caller(request))
        try:
            picture = None if found is None else plot(found.card)
        except (LookupError, TypeError, ValueError):
            picture = None  # a card may have anything in it
        if found is None or picture is None:
            raise NotFound(f"There is no model {name}/{version} with a reliability table.", "unknown_model")
        etag = etag_of([found.sha256, "reliability"])
        if unchanged(request, etag):
            return not_modified(etag, final=False)
        return with_cache_headers(HttpResponse(picture, content_type="image/svg+xml; charset=utf-8"), etag, final=False)
