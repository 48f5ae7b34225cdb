"""How results look in answers, for the API document."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from api.v1.forecast_serializers import ForecastSerializer, PredictionSerializer
from market.models import Adjustment


class BarsFactsSerializer(serializers.Serializer[Any]):
    """Which bars a result is about."""

    count = serializers.IntegerField()
    first = serializers.IntegerField(allow_null=True, help_text="Milliseconds since 1970.")
    last = serializers.IntegerField(allow_null=True, help_text="Milliseconds since 1970.")
    fingerprint = serializers.CharField()
    sessions = serializers.CharField(required=False, help_text="Of the table of sessions that was used, its sha256.")
    usual_step_seconds = serializers.IntegerField(
        required=False, help_text="The longest step that a stored series makes again and again; not with `end`."
    )


class PointSerializer(serializers.Serializer[Any]):
    """A pivot of a pattern."""

    label = serializers.CharField()  # type: ignore[assignment]
    bar = serializers.IntegerField()
    time = serializers.IntegerField(help_text="Milliseconds since 1970.")
    price = serializers.FloatField()
    confirmed_at = serializers.IntegerField(help_text="Milliseconds since 1970; a pivot is known from here on.")


class HappenedSerializer(serializers.Serializer[Any]):
    """What became of a pattern, oldest first."""

    status = serializers.ChoiceField(choices=["forming", "confirmed", "target", "stop", "expired", "failed"])
    bar = serializers.IntegerField()
    at = serializers.IntegerField(help_text="Milliseconds since 1970.")
    target = serializers.IntegerField(required=False, help_text="1 is the first of `targets`.")


class OutcomesBesideSerializer(serializers.Serializer[Any]):
    """What became of such events, of those whose life is over: shares of `events`."""

    events = serializers.IntegerField()
    target = serializers.FloatField(help_text="Whose first target was met before the stop.")
    interval = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Of `target`, 95 %, drawn by calendar quarters."
    )
    stop = serializers.FloatField(help_text="Whose stop was met first; the rest met neither in time.")
    noise = serializers.FloatField(allow_null=True, help_text="`target` of such events on shuffled bars.")
    walk = serializers.FloatField(help_text="`target` of a random walk without drift, in closed form.")
    verdict = serializers.CharField(allow_null=True, help_text="On `target` against that on noise.")


class BesideSerializer(serializers.Serializer[Any]):
    """Events of this name per 1,000 bars of this timeframe, at this scale: on noise, on real series, and the ratio."""

    noise = serializers.FloatField(help_text="On real bars in another order, with their drift.")
    real = serializers.FloatField()
    ratio = serializers.FloatField(
        allow_null=True, help_text="Near 1: noise looks the same. Null: never on noise, or fewer than 20 events."
    )
    interval = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Of the ratio, 95 %, drawn by calendar quarters."
    )
    verdict = serializers.CharField(allow_null=True, help_text="`no different from chance` where the interval holds 1.")
    events = serializers.IntegerField(help_text="On real series.")
    timeframe = serializers.CharField()
    scale = serializers.CharField(allow_null=True)
    outcomes = OutcomesBesideSerializer(allow_null=True, help_text="Null for fewer than 20, and without a target.")


class EventSerializer(serializers.Serializer[Any]):
    """A pattern that was found. Candlesticks end with `confirmed_at`; only `history` grows later."""

    id = serializers.CharField(help_text="A hash of name, side and the bars of the points.")
    name = serializers.CharField()
    kind = serializers.CharField()
    side = serializers.ChoiceField(choices=["bullish", "bearish", "neutral"])
    score = serializers.FloatField(
        help_text="How well the shape fits; it says nothing of what comes of it (AUC .52 against outcomes)."
    )
    bar = serializers.IntegerField(help_text="Position in the bars of the symbol.")
    formed_at = serializers.IntegerField(help_text="Milliseconds since 1970.")
    confirmed_at = serializers.IntegerField(help_text="Milliseconds since 1970; it is known from here on.")
    baseline = BesideSerializer(
        allow_null=True, help_text="Null where parameters or timeframe were not measured; a scale may be given."
    )
    of = serializers.CharField(required=False, allow_null=True, help_text="What it was found on, if not the price.")
    points = PointSerializer(many=True, required=False)
    ratios = serializers.DictField(
        child=serializers.FloatField(),
        required=False,
        help_text="One leg over another, such as `AB_XA`. `XB`, `AC`, `BD`, `XD`, `XC`, `CX` and `CD` are the names of "
        "the same ratios up to 1.1; they go with 1.3.",
    )
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.FloatField(), required=False, help_text="How far each ratio is from its ideal; 0.02 is 2 %."
    )
    levels = serializers.DictField(child=serializers.FloatField(), required=False, help_text="Prices by name.")
    prz = serializers.ListField(
        child=serializers.FloatField(), required=False, allow_null=True, help_text="Potential reversal zone: low, high."
    )
    targets = serializers.ListField(child=serializers.FloatField(), required=False)
    stop = serializers.FloatField(required=False, allow_null=True)
    entry_reference = serializers.FloatField(required=False, allow_null=True, help_text="The confirming close.")
    remaining_to_target = serializers.FloatField(
        required=False, allow_null=True, help_text="From the confirming close to the first target; 0.02 is 2 %."
    )
    reached_before_confirmation = serializers.BooleanField(
        required=False, allow_null=True, help_text="The first target was passed before; it never counts as a win."
    )
    entry = serializers.FloatField(
        required=False, allow_null=True, help_text="The open after the confirming bar; null until there is one."
    )
    reward_to_risk = serializers.FloatField(
        required=False,
        allow_null=True,
        help_text="The way to the first target over that to the stop, from the confirming close.",
    )
    volume_ratio = serializers.FloatField(
        required=False, allow_null=True, help_text="Volume of the confirming bar over the mean of the 20 before."
    )
    trend_before = serializers.FloatField(
        required=False,
        allow_null=True,
        help_text="Change of the close over as many bars before the first point as the shape has (20 to 200), in ATR14 "
        "at that point; above zero a rise.",
    )
    same_as = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Ids of events of other names on the same bars (intersection over union of 0.6), confirmed no later.",
    )
    bars_to_target = serializers.FloatField(
        required=False, allow_null=True, help_text="Median of such events that met their first target; measured."
    )
    history = HappenedSerializer(many=True, required=False)
    prediction = PredictionSerializer(
        required=False, help_text="With `pattern_outcome` or `candlestick_outcome` among the analyses, of its events."
    )


class RowsSerializer(serializers.Serializer[Any]):
    """Which of the bars asked for are on this page."""

    first = serializers.IntegerField(help_text="0 is the first of the bars asked for.")
    count = serializers.IntegerField()
    total = serializers.IntegerField(help_text="Bars asked for, on all pages.")


class ResultSerializer(serializers.Serializer[Any]):
    """The result of one symbol: columns as long as `time`, null where a value is unknown."""

    symbol = serializers.CharField(allow_null=True)
    timeframe = serializers.CharField()
    adjustment = serializers.ChoiceField(
        choices=Adjustment.values, allow_null=True, help_text="Of the stored series; null for inline bars."
    )
    bars = BarsFactsSerializer()
    time = serializers.ListField(child=serializers.IntegerField(), help_text="Milliseconds since 1970.")
    columns = serializers.DictField(child=serializers.ListField(child=serializers.FloatField(allow_null=True)))
    events = EventSerializer(many=True)
    forming = EventSerializer(
        many=True, required=False, help_text="Where asked for: what may become an event, or vanish."
    )
    forecast = ForecastSerializer(
        required=False,
        help_text="With `pattern_outcome`, `candlestick_outcome` or `expected_range` among the analyses.",
    )
    signals = serializers.DictField()
    quality = serializers.ListField(child=serializers.DictField())
    provisional = serializers.BooleanField(help_text="The last bar was still open.")
    stale = serializers.BooleanField(
        help_text="The series had ended: when the job began its newest bar was older than its usual step by three."
    )
    engine = serializers.CharField()
    timings_ms = serializers.DictField(child=serializers.FloatField())
    rows = RowsSerializer(required=False, help_text="With `rows`.")
    next = serializers.CharField(
        required=False, allow_null=True, help_text="With `rows`, of a job of one symbol: the cursor of the next page."
    )


class FailedSerializer(serializers.Serializer[Any]):
    """Why a symbol has no result."""

    symbol = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ResultPageSerializer(serializers.Serializer[Any]):
    """Results of several symbols."""

    items = ResultSerializer(many=True)
    failed = FailedSerializer(many=True)
    next = serializers.CharField(allow_null=True)


RESULT = PolymorphicProxySerializer(
    "JobResult", serializers=[ResultSerializer, ResultPageSerializer], resource_type_field_name=None, many=False
)
