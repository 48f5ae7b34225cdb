"""Training a model on series of one's own: a job that comes to a candidate, which nobody serves by that."""

from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.fields import Body, Moment, StringList, Text
from api.idempotency import refuse_key
from api.parsing import json_body
from api.queries import read_body
from api.schema import documented
from api.v1.bars_body import TimeframeField
from api.v1.job_body import MAX_TAGS, TAG_CHARS
from api.v1.job_serializers import JobSerializer
from api.v1.jobs import ACCEPTED_HEADERS, accepted
from api.views import Endpoint, caller, request_id
from jobs import clock, retention
from jobs.requests import JobRequest
from jobs.services.submit_training import submit_training
from market.symbols import SYMBOL_CHARS
from notifications.addresses import MAX_CHARS


class TrainingBody(Body):
    """The series to train on."""

    universe = Text(required=False, max_length=64, help_text="A stored list of symbols.")
    symbols = StringList(
        required=False,
        max_count=settings.JOB_MAX_SYMBOLS,
        max_chars=SYMBOL_CHARS,
        help_text="Stored series.",
    )
    timeframe = TimeframeField(required=False, help_text="Of the series, a day or longer; 1d if left out.")
    start_after = Moment(required=False, help_text="Not to begin before this.")
    deadline_at = Moment(required=False, help_text="What is not done by then is cancelled.")
    retention = serializers.ChoiceField(
        choices=list(retention.CLASSES), required=False, help_text="How long the job is kept; the model stays."
    )
    callback_url = Text(required=False, max_length=MAX_CHARS, help_text="Told, signed, when the job is over.")
    tags = StringList(required=False, max_count=MAX_TAGS, max_chars=TAG_CHARS, help_text="To find the job by.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the values if they name series in one way."""
        named = [name for name in ("symbols", "universe") if name in attrs]
        if len(named) != 1:
            code = "ambiguous" if named else "missing"
            raise ValidationError([ErrorDetail("Give exactly one of symbols and universe.", code)])
        return attrs


class MlTrain(Endpoint):
    """A model of one's own."""

    @documented(
        "Train a model",
        request=TrainingBody,
        answers={202: JobSerializer},
        headers=ACCEPTED_HEADERS,
        problems=(409,),
        example={"universe": "sp500", "timeframe": "1d"},
    )
    def post(self, request: Request) -> Response:
        """Accept a job of kind `training`, one at a time for each user; it takes minutes.

        The job tells how far it is, and at its end names the model: a candidate with its card and every gate, which
        staff may serve. The same series make the same candidate again. With too few events it fails with
        `too_few_events`, and tells how many there are and how many are needed.
        """
        refuse_key(request)
        wanted = JobRequest(analyses=(), reuse=False, **read_body(TrainingBody, json_body(request)))
        job = submit_training(owner=caller(request), request=wanted, now=clock.now(), request_id=request_id(request))
        return accepted(job)
