"""What is told of a model beside another, and of late."""

from rest_framework import serializers

from api.v1.model_figures import MeasuredSerializer, gain_on, interval_by


class ComparisonSerializer(MeasuredSerializer):
    """A model in shadow against the served one, on events of which both were kept after the training of both."""

    champion = serializers.CharField(help_text="Name and version of the served one.")
    champion_sha256 = serializers.CharField(help_text="Of its card.")
    against = serializers.ChoiceField(
        choices=["champion", "chance"], help_text="On what it gains; chance is answered while the served one is worse."
    )
    since = serializers.DateField(help_text="The later of the two `usable_from`.")
    events = serializers.IntegerField(help_text="Whose life is over.")
    missing = serializers.IntegerField(help_text="Events until a comparison says anything: 500 are needed.")
    blocks = serializers.IntegerField(help_text="Times of 28 days with such events; eight are needed.")
    trials = serializers.IntegerField(help_text="Models that were asked beside this served one.")
    gain = gain_on("the served one")
    interval = interval_by("blocks of 28 days", "with fewer than eight of them")
    low_after_trials = serializers.FloatField(
        allow_null=True, help_text="The lower end, widened for all trials: above 0 it is better beyond doubt."
    )
    calibration_error = serializers.DictField(
        child=serializers.FloatField(), allow_null=True, help_text="Of `target`, `stop` and `resolved`."
    )
    most_error = serializers.FloatField(help_text="What each may be: .03, or what sampling alone does to fewer events.")
    verdict = serializers.ChoiceField(
        choices=["too_few_events", "too_few_blocks", "no_better", "not_calibrated", "better"]
    )
    text = serializers.CharField(help_text="The same for people.")


class RecentSerializer(MeasuredSerializer):
    """How predictions came out whose life was over in the last 90 days, beside chance."""

    days = serializers.IntegerField()
    since = serializers.DateTimeField(help_text="Their begin, or when a fallback was lifted.")
    events = serializers.IntegerField()
    blocks = serializers.IntegerField(help_text="Times of 28 days with such events.")
    gain = gain_on("chance")
    interval = interval_by("blocks of 28 days", "below 200 events or four blocks")
    verdict = serializers.ChoiceField(
        choices=["too_few", "no_worse", "worse"],
        help_text="worse: the interval is wholly below 0, and chance is answered in its place.",
    )
