"""What is said of a series and of its events by a model, as it is answered."""

from typing import Any

from rest_framework import serializers

_STATUSES = ["ready", "degraded"]
_REASON = "Why there are no probabilities, or why they are those of chance."


class Numbers(serializers.ListField):
    """A list of numbers."""

    child = serializers.FloatField()


class CoverageSerializer(serializers.Serializer[Any]):
    """The share that was at or below each quantile on symbols never trained on, and later."""

    high = Numbers()
    low = Numbers()


class ExpectedRangeSerializer(serializers.Serializer[Any]):
    """How far price goes in the next bars: quantiles of their highest high and lowest low, in price."""

    bars = serializers.IntegerField(help_text="How many bars ahead.")
    quantiles = Numbers()
    high = Numbers()
    low = Numbers()
    coverage = CoverageSerializer()


class PricesSerializer(serializers.Serializer[Any]):
    """Quantiles of the highest high and of the lowest low, in price."""

    high = Numbers()
    low = Numbers()


class AskedRangeSerializer(serializers.Serializer[Any]):
    """The range of an `expected_range` among the analyses. Without a sound model it is that of a walk."""

    bars = serializers.IntegerField(help_text="How many bars ahead.")
    quantiles = Numbers()
    high = Numbers(allow_null=True)
    low = Numbers(allow_null=True)
    coverage = CoverageSerializer(allow_null=True, help_text="Null where it is not the model's range.")
    random_walk = PricesSerializer(allow_null=True, help_text="The same of a walk without drift.")
    in_sample = serializers.BooleanField(help_text="The last bar that is over is of before `usable_from`.")
    reason = serializers.CharField(allow_null=True, help_text="Why there are no prices, or why they are the walk's.")


class SpeakerSerializer(serializers.Serializer[Any]):
    """Which model speaks, or why none does."""

    model = serializers.CharField(allow_null=True)
    model_sha256 = serializers.CharField(allow_null=True, help_text="Of the card.")
    model_status = serializers.ChoiceField(choices=_STATUSES)
    reason = serializers.CharField(allow_null=True, help_text=_REASON)
    usable_from = serializers.DateField(allow_null=True, help_text="Of what was confirmed before, it saw the outcome.")
    lift_status = serializers.CharField(allow_null=True)
    cost = serializers.FloatField(help_text="Taken off each `expected_r`, of the price and a side: 0.001 is 0.1 %.")


class BarriersSerializer(serializers.Serializer[Any]):
    """What events are won and lost by that state no prices."""

    atr = serializers.FloatField(help_text="From the entry to target and to stop, in ATR14 of the confirming bar.")
    bars = serializers.IntegerField(help_text="From the entry on; then time is over.")


class CandlestickForecastSerializer(SpeakerSerializer):
    """Which model speaks of candlesticks."""

    barriers = BarriersSerializer()


class ForecastSerializer(SpeakerSerializer):
    """What is said of a series, and by which model: that of patterns, which ranges are of."""

    expected_range = ExpectedRangeSerializer(allow_null=True, help_text="Of the bars after the last that is over.")
    expected_ranges = AskedRangeSerializer(
        many=True, required=False, help_text="One for each `expected_range` among the analyses, after the same bar."
    )
    candlesticks = CandlestickForecastSerializer(
        required=False, help_text="With `candlestick_outcome` among the analyses: which model speaks of these."
    )


class OddsSerializer(serializers.Serializer[Any]):
    """Probabilities of target first, stop first and neither in time, and what they are worth after costs."""

    p_target = serializers.FloatField(allow_null=True)
    p_stop = serializers.FloatField(allow_null=True)
    p_timeout = serializers.FloatField(allow_null=True)
    expected_r = serializers.FloatField(allow_null=True, help_text="In units of what is risked.")


class CountedSerializer(serializers.Serializer[Any]):
    """What became of the training set's events of this name and side."""

    p_target = serializers.FloatField()
    events = serializers.IntegerField()
    interval = Numbers(help_text="95 %, by calendar quarters.")
    random_walk = serializers.FloatField(help_text="What chance gave them.")
    verdict = serializers.CharField()


class BaseRateSerializer(serializers.Serializer[Any]):
    """How often such events met their target, as the model holds it."""

    p_target = serializers.FloatField()
    events = serializers.IntegerField()
    of = serializers.ChoiceField(choices=["name", "family", "all"])
    counted = CountedSerializer(allow_null=True)


class ContributionSerializer(serializers.Serializer[Any]):
    """A feature of an event, and by how much it moved the log odds of a head."""

    feature = serializers.CharField()
    value = serializers.FloatField(
        allow_null=True,
        help_text="As the model saw it: if it has a direction, above zero is with the event.",
    )
    log_odds = serializers.FloatField()


class HeadReasonsSerializer(serializers.Serializer[Any]):
    """How a head came to what it says: log_odds = blend + mean + those of the features + others."""

    head = serializers.ChoiceField(
        choices=["resolve", "direction"], help_text="That target or stop is met in time; that it is the target, if so."
    )
    log_odds = serializers.FloatField(help_text="Of p_target + p_stop; of p_target among these two.")
    share = serializers.FloatField(help_text="The part of what its trees say that is served; 0: none, and no features.")
    blend = serializers.FloatField(help_text="What chance and base rates say.")
    mean = serializers.FloatField(help_text="What the trees say on average.")
    features = ContributionSerializer(many=True, help_text="The largest, by their size.")
    others = serializers.FloatField(help_text="Of all features that are not named.")


class PredictionSerializer(OddsSerializer):
    """What is said of an event. Probabilities, and not advice."""

    random_walk = OddsSerializer(allow_null=True, help_text="The same of a walk without drift.")
    base_rate = BaseRateSerializer(allow_null=True)
    in_sample = serializers.BooleanField(help_text="The model has seen what became of events of that time.")
    lift_status = serializers.CharField()
    model = serializers.CharField(allow_null=True)
    model_status = serializers.ChoiceField(choices=_STATUSES)
    reason = serializers.CharField(allow_null=True, help_text=_REASON)
    median_days = serializers.FloatField(allow_null=True, help_text="From confirmation to the end, of its family.")
    expected_range = ExpectedRangeSerializer(allow_null=True, help_text="Of the bars of its own life.")
    reasons = HeadReasonsSerializer(
        many=True,
        required=False,
        allow_null=True,
        help_text="If asked for; null where no model spoke, see `reason`.",
    )
