"""The convenience routes: the same job with analyses of one kind, answered at once if the client waits for it."""

from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from rest_framework.request import Request

from api.idempotency import REPLAYED, body_hash, idempotency_key
from api.parsing import json_body
from api.rendering import JSONRenderer, dump
from api.schema import documented
from api.streaming import NoPlace, taken
from api.v1.job_body import JobBody, job_request
from api.v1.job_serializers import JobSerializer
from api.v1.jobs import ACCEPTED_HEADERS, KEY_HEADER, accepted
from api.v1.preferences import APPLIED, prefer, waited_for
from api.v1.result_serializers import RESULT
from api.v1.results import result_body
from api.views import Endpoint, caller, request_id
from forecasts.served import PATTERN_OUTCOME
from jobs import clock, concurrency_slots, outcomes_asked, selectors
from jobs.errors import PageTooLarge
from jobs.services.submit import submit, submit_once

PREFER = prefer("answer the result if it is there by then.")


RECENT_BARS = 60
RANGE = ("output", "start", "end", "last")


class ConvenienceEndpoint(Endpoint):
    """A job whose analyses are all of one kind."""

    kind = ""
    usual: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    recent = False  # answers what is recent or open where nothing says which bars

    def _is_whole(self, analyses: list[Any]) -> bool:
        """Return whether these analyses are answered as they are, without those that are always asked."""
        return False

    def _answer(self, request: Request) -> HttpResponseBase:
        owner, body = caller(request), json_body(request)
        if self.usual and isinstance(body, dict):
            body.setdefault("analyses", list(self.usual))
        if self.recent and isinstance(body, dict) and not any(body.get(name) is not None for name in RANGE):
            body |= {"output": RECENT_BARS, "include": _with_open(body.get("include"))}
        named = body.get("analyses") if isinstance(body, dict) else None
        if isinstance(named, list) and named and not self._is_whole(named):
            named += [name for name in self.always if name not in named]
        key, now, origin = idempotency_key(request), clock.now(), request_id(request)
        if key is None:
            wanted = replace(job_request(owner, body), kind=self.kind)
            job, replayed = submit(owner=owner, request=wanted, now=now, request_id=origin), False
        else:
            job, replayed = submit_once(
                owner=owner,
                key=key,
                body_hash=body_hash([self.kind, body]),
                read=lambda: replace(job_request(owner, body), kind=self.kind),
                now=now,
                request_id=origin,
            )
        response = accepted(job, replayed=replayed)
        job, preference = waited_for(job, request)
        if preference:
            applied = {APPLIED: preference, "Location": response.headers["Location"]}
            if replayed:
                applied[REPLAYED] = "true"
            body = _rendered(job)
            if body is not None:
                return HttpResponse(body, content_type=JSONRenderer.media_type, headers=applied)
            return accepted(job, replayed=replayed)
        return response


def _with_open(include: Any) -> Any:
    """Return what is asked for besides, and open events; what is no list is left to who reads the body."""
    named = [] if include is None else include
    return [*named, *(["open"] if "open" not in named else [])] if isinstance(named, list) else named


def _rendered(job: Any) -> bytes | None:
    """Return the result, or None for one that is read in pages, or later."""
    try:
        with taken(concurrency_slots.large) if selectors.is_large(job) else nullcontext():
            return dump(result_body(selectors.read_result(job)))
    except (NoPlace, PageTooLarge):
        return None


_ANSWERS: dict[int, Any] = {200: RESULT, 202: JobSerializer}


class IndicatorsCompute(ConvenienceEndpoint):
    """Indicators over bars."""

    kind = "indicator"

    @documented(
        "Compute indicators",
        request=JobBody,
        parameters=[PREFER, KEY_HEADER],
        answers=_ANSWERS,
        headers=ACCEPTED_HEADERS,
    )
    def post(self, request: Request) -> HttpResponseBase:
        """Accept a job of indicators and expressions; its result if it is there within the preferred wait."""
        return self._answer(request)


class PatternsDetect(ConvenienceEndpoint):
    """Patterns in bars."""

    kind = "pattern"
    usual = ("candlesticks",)
    recent = True

    @documented(
        "Detect patterns", request=JobBody, parameters=[PREFER, KEY_HEADER], answers=_ANSWERS, headers=ACCEPTED_HEADERS
    )
    def post(self, request: Request) -> HttpResponseBase:
        """Accept a job of patterns, all candlesticks if none are named; its result within the preferred wait.

        Without output, start, end and last it answers the events of the last 60 bars, and those before them
        that are still open.
        """
        return self._answer(request)


class MlPredict(ConvenienceEndpoint):
    """What a model says of patterns in bars."""

    kind = "pattern"
    usual = always = (PATTERN_OUTCOME,)

    def _is_whole(self, analyses: list[Any]) -> bool:
        """Return whether a model is named, or only ranges are asked for, which are of every symbol, with or without a
        pattern.
        """
        few = len(analyses) <= settings.JOB_MAX_ANALYSES
        return few and (outcomes_asked.asks(analyses) or outcomes_asked.asks_ranges_alone(analyses))

    @documented(
        "Predict what becomes of patterns",
        request=JobBody,
        parameters=[PREFER, KEY_HEADER],
        answers=_ANSWERS,
        headers=ACCEPTED_HEADERS,
    )
    def post(self, request: Request) -> HttpResponseBase:
        """Accept a job of patterns and of `pattern_outcome`; its result within the preferred wait.

        Without `analyses` all patterns are looked for that the model was trained on; with `expected_range` alone, none.
        With `candlestick_outcome` among them candlesticks are told of, too; alone it means them only.
        A model that is missing or damaged is no error: chance is answered, `model_status` is `degraded`, and `reason`
        tells why.
        """
        return self._answer(request)
