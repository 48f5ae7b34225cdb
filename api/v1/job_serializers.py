"""How jobs look in answers, for the API document."""

from typing import Any

from rest_framework import serializers

from api.paging import page_serializer
from jobs import retention, waiting
from jobs.kinds import STAGES, Kind
from jobs.states import State

STATES = [str(state) for state in State]


class ProgressSerializer(serializers.Serializer[Any]):
    """How far a job is, in symbols."""

    done = serializers.IntegerField()
    total = serializers.IntegerField()
    failed = serializers.IntegerField()
    chunks = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True, help_text="Symbols a second, while the job runs.")
    eta_seconds = serializers.FloatField(allow_null=True, help_text="Until the end at this rate.")


class LinksSerializer(serializers.Serializer[Any]):
    """Where to go from a job."""

    self = serializers.CharField()
    result = serializers.CharField()
    events = serializers.CharField()
    chart = serializers.CharField()
    cancel = serializers.CharField()
    retry = serializers.CharField()
    callbacks = serializers.CharField()


class JobSerializer(serializers.Serializer[Any]):
    """A job as its owner sees it."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=STATES)
    kind = serializers.ChoiceField(choices=[str(kind) for kind in Kind], help_text="What is done with the series.")
    queue = serializers.CharField()
    analyses = serializers.ListField(child=serializers.CharField(), help_text="In canonical form.")
    timeframe = serializers.CharField()
    request = serializers.DictField(help_text="What was asked, without inline bars.")
    reason = serializers.CharField(
        allow_null=True, help_text="Why it ended otherwise than as asked, such as deadline_exceeded or worker_lost."
    )
    waiting = serializers.ChoiceField(
        choices=waiting.REASONS,
        allow_null=True,
        help_text="What it waits for: its queue or the whole system to go on, its moment, an identical job's result, "
        "or a worker; null once it has begun and nothing keeps it.",
    )
    progress = ProgressSerializer()
    tags = serializers.ListField(child=serializers.CharField())
    reused = serializers.BooleanField(help_text="Answered from a stored result.")
    retry_of = serializers.UUIDField(allow_null=True)
    fingerprint = serializers.CharField(allow_null=True)
    engine = serializers.CharField()
    request_id = serializers.CharField(allow_null=True)
    retention = serializers.ChoiceField(choices=list(retention.CLASSES))
    start_after = serializers.DateTimeField(allow_null=True)
    deadline_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.FloatField(help_text="From acceptance to the end, or until now.")
    links = LinksSerializer()


class FailureCountSerializer(serializers.Serializer[Any]):
    """How many symbols have no result for one reason."""

    code = serializers.CharField()
    count = serializers.IntegerField()


class FailedSymbolSerializer(serializers.Serializer[Any]):
    """Why one symbol has no result."""

    symbol = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class FailuresSerializer(serializers.Serializer[Any]):
    """Why symbols have no result, once the job is over."""

    codes = FailureCountSerializer(many=True)
    first = FailedSymbolSerializer(many=True, help_text="The first five; the others are in the result.")


class TrainingSerializer(serializers.Serializer[Any]):
    """How far a training is, and what it came to."""

    stage = serializers.ChoiceField(choices=STAGES, help_text="What is being done, or was when it ended.")
    done = serializers.IntegerField(help_text="Of this stage: series, gates or the card.")
    total = serializers.IntegerField()
    model = serializers.CharField(required=False, help_text="Name and version of the candidate.")
    sha256 = serializers.CharField(required=False, help_text="Of its card.")
    found = serializers.IntegerField(required=False, help_text="What there is of what is lacking.")
    needed = serializers.IntegerField(required=False, help_text="What is needed of it.")


# A database keeps an object without its order.
TRAINING_FIELDS = tuple(TrainingSerializer().fields)


class JobDetailSerializer(JobSerializer):
    """A job alone, with what went wrong in it."""

    failures = FailuresSerializer()
    training = TrainingSerializer(allow_null=True, help_text="Null for other jobs, and until it has begun.")


JobPage = page_serializer("JobPage", JobSerializer)
JobCounts = type("JobCounts", (serializers.Serializer,), {state: serializers.IntegerField() for state in STATES})


class EstimateSerializer(serializers.Serializer[Any]):
    """What a job would be, cost and wait for."""

    valid = serializers.BooleanField()
    queue = serializers.CharField()
    analyses = serializers.ListField(child=serializers.CharField(), help_text="In canonical form.")
    symbols = serializers.IntegerField()
    bars = serializers.IntegerField()
    chunks = serializers.IntegerField()
    cost_seconds = serializers.FloatField(help_text="Of computing, on one core.")
    result_bytes = serializers.IntegerField(help_text="Of the results, at most: 8 a value, and the events as text.")
    byte_days = serializers.IntegerField(help_text="What it counts as in your storage until it is over.")
    reusable = serializers.BooleanField(help_text="A stored result would answer at once.")
    chunks_ahead = serializers.IntegerField(help_text="Waiting in the same queue.")
    wait_seconds = serializers.FloatField(
        allow_null=True, help_text="Until the job would begin, at the rate of the last minutes; null if unknown."
    )
