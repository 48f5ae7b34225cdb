"""Many jobs in one request, each with its own outcome."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from analysis.errors import MOST_FAULTS, Fault, first_faults
from analysis.fault_limits import few_suggestions, shared_room
from api.idempotency import refuse_key
from api.parsing import json_body
from api.schema import FaultSerializer, documented
from api.v1.job_body import JobBody, job_request
from api.v1.job_serializers import JobSerializer
from api.v1.jobs import represent
from api.views import Endpoint, caller, request_id
from jobs import clock
from jobs.errors import InvalidRequest
from jobs.requests import JobRequest
from jobs.services.submit import submit_many
from market.pointers import step

MOST_SUGGESTIONS = 20  # of the unknown names of a request that the nearest are looked up for


class BulkBody(serializers.Serializer[Any]):
    """Jobs in order."""

    jobs = JobBody(many=True, help_text=f"1 to {settings.BULK_MAX_JOBS:,} jobs.")


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of one of them: a job, or what is wrong with it."""

    status = serializers.IntegerField(help_text="202, or 422.")
    job = JobSerializer(required=False)
    errors = FaultSerializer(many=True, required=False)  # type: ignore[assignment]


class BulkSerializer(serializers.Serializer[Any]):
    """The outcomes in the order of the request."""

    accepted = serializers.IntegerField()
    refused = serializers.IntegerField()
    items = OutcomeSerializer(many=True)


class JobsBulk(Endpoint):
    """Many jobs at once."""

    @documented("Submit many jobs", request=BulkBody, answers={200: BulkSerializer})
    def post(self, request: Request) -> Response:
        """Accept every job of the list that can be one, all in one transaction; the others are refused one by one."""
        refuse_key(request)
        owner = caller(request)
        wanted = _wanted(owner, _bodies(json_body(request)))
        with few_suggestions(MOST_SUGGESTIONS), shared_room():
            outcomes = submit_many(owner=owner, requests=wanted, now=clock.now(), request_id=request_id(request))
        room = MOST_FAULTS
        items = []
        for outcome in outcomes:
            items.append(_outcome(outcome, max(room, 1)))
            room -= len(items[-1].get("errors", ()))
        accepted = sum(item["status"] == 202 for item in items)
        return Response({"accepted": accepted, "refused": len(items) - accepted, "items": items})


def _bodies(body: Any) -> list[Any]:
    """Return the jobs in a body; raise InvalidRequest if it is not a list of them."""
    faults: list[Fault] = []
    jobs = body.get("jobs") if isinstance(body, dict) else None
    if isinstance(body, dict):
        unknown = [name for name in body if name != "jobs"]
        faults = first_faults([Fault(f"/{step(name)}", "unknown_field", "There is no such field.") for name in unknown])
    if not isinstance(jobs, list):
        code = "missing" if isinstance(body, dict) and "jobs" not in body else "wrong_type"
        faults.append(Fault("/jobs", code, "jobs is a list of jobs."))
    elif not 1 <= len(jobs) <= settings.BULK_MAX_JOBS:
        limit = f"From 1 to {settings.BULK_MAX_JOBS:,} jobs a request; {len(jobs):,} given."
        faults.append(Fault("/jobs", "empty" if not jobs else "too_many", limit))
    if faults or not isinstance(jobs, list):
        raise InvalidRequest(faults)
    return jobs


def _wanted(owner: AbstractBaseUser, bodies: Sequence[Any]) -> Iterator[JobRequest | InvalidRequest]:
    """Return what each of these bodies asks for or why it cannot be read, one by one as they are submitted."""
    for body in bodies:
        try:
            yield job_request(owner, body)
        except InvalidRequest as refused:
            yield refused


def _outcome(outcome: Any, most: int) -> dict[str, Any]:
    """Return the outcome of one job, `most` of its faults named: all the jobs of a request share what may be named."""
    if isinstance(outcome, InvalidRequest):
        return {"status": 422, "errors": [fault._asdict() for fault in first_faults(outcome.faults, most)]}
    return {"status": 202, "job": represent(outcome)}
