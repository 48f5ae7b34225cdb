"""Jobs: submit, list, watch, cancel, retry."""

from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.audit import record
from api.conditional import etag_of, not_modified, unchanged, with_cache_headers
from api.fields import Body, Moment, WholeNumberText
from api.idempotency import HEADER, MAX_CHARS, REPLAYED, body_hash, idempotency_key, refuse_key
from api.paging import BY_JOB_ID, PAGE_FIELDS, PageQuery, page_of
from api.parsing import json_body
from api.queries import read_query
from api.schema import documented
from api.v1.bars_body import SymbolField
from api.v1.job_body import TAG_CHARS, JobBody, job_request
from api.v1.job_serializers import (
    STATES,
    TRAINING_FIELDS,
    EstimateSerializer,
    JobCounts,
    JobDetailSerializer,
    JobPage,
    JobSerializer,
)
from api.v1.preferences import APPLIED, prefer, waited_for
from api.views import Endpoint, caller, demand_right, request_id
from jobs import clock, holds, selectors
from jobs.completion_listener import wait_until_over
from jobs.services.cancel import cancel
from jobs.services.clone import clone
from jobs.services.estimate import Estimate, estimate
from jobs.services.purge import delete
from jobs.services.retry import retry
from jobs.services.submit import submit, submit_once
from jobs.states import TERMINAL

RETRY_AFTER_SECONDS = 1
ACCEPTED_HEADERS = {"Location": "Where to poll.", "Retry-After": "Seconds until the first poll makes sense."}


KEY_HEADER = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="Unique to this job: sent again with the same body, it answers the job there is.",
)


class JobsQuery(PageQuery):
    """Which jobs to list."""

    state = serializers.ChoiceField(choices=STATES, required=False)
    tag = serializers.CharField(required=False, max_length=TAG_CHARS)
    symbol = SymbolField(required=False)
    idempotency_key = serializers.CharField(required=False, max_length=MAX_CHARS)
    request_id = serializers.CharField(required=False, max_length=64, help_text="`X-Request-Id` of what made them.")
    created_after = Moment(required=False, help_text="First moment of their submission.")
    created_before = Moment(required=False, help_text="First moment no longer wanted.")


class SubmitQuery(Body):
    """How to submit."""

    dry_run = serializers.BooleanField(required=False, help_text="Check and estimate, store nothing.")


class WatchQuery(Body):
    """How to watch a job."""

    wait = WholeNumberText(
        required=False,
        min_value=0,
        max_value=settings.WAIT_MAX_SECONDS,
        help_text="Seconds to wait for the end of the job.",
    )


def represent(job: Any) -> dict[str, Any]:
    """Return a job as it is answered."""
    links = {
        "self": reverse("job", [job.pk]),
        "result": reverse("job-result", [job.pk]),
        "events": reverse("job-events", [job.pk]),
        "chart": reverse("job-chart", [job.pk]),
        "cancel": reverse("job-cancel", [job.pk]),
        "retry": reverse("job-retry", [job.pk]),
        "callbacks": reverse("job-callbacks", [job.pk]),
    }
    return {**selectors.describe(job), "links": links}


def accepted(job: Any, *, replayed: bool = False, preference: str = "") -> Response:
    """Return 202 for a job that has been stored, just now or by the same request before."""
    structlog.contextvars.bind_contextvars(job_id=str(job.pk))
    body = represent(job)
    headers = {"Location": body["links"]["self"]}
    if job.state not in TERMINAL:
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if replayed:
        headers[REPLAYED] = "true"
    if preference:
        headers[APPLIED] = preference
    return Response(body, status=202, headers=headers)


class Jobs(Endpoint):
    """All jobs of the caller."""

    def is_writing(self, request: Request) -> bool:
        """Tell whether a job would be stored; with `dry_run`, post() finds out."""
        return super().is_writing(request) and "dry_run" not in request.query_params

    @documented(
        "List your jobs, newest first",
        parameters=[JobsQuery],
        answers={200: JobPage},
        problems=(422,),
    )
    def get(self, request: Request) -> Response:
        """Answer a page of jobs."""
        query = read_query(JobsQuery, request)
        filters = {name: value for name, value in query.items() if name not in PAGE_FIELDS}
        return Response(page_of(selectors.jobs_of(caller(request), **filters), query, BY_JOB_ID, represent))

    @documented(
        "Submit a job",
        request=JobBody,
        answers={202: JobSerializer, 200: EstimateSerializer},
        parameters=[KEY_HEADER, prefer("answer the job once it is over, or as it is by then."), SubmitQuery],
        headers={**ACCEPTED_HEADERS, REPLAYED: "`true` when the key had its job already."},
        example={"analyses": ["rsi", "macd", "candlesticks"], "symbols": ["AAPL", "MSFT"], "output": "last"},
    )
    def post(self, request: Request) -> Response:
        """Accept a job: it is stored and can no longer be lost. It is born succeeded if its result is stored already.

        Poll the address in Location no sooner than after Retry-After. With `Prefer: wait=10` the answer comes once the
        job is over, or as it is after ten seconds. With `dry_run` nothing is stored, and 200 tells what the job would
        come to.
        """
        owner, body, key = caller(request), json_body(request), idempotency_key(request)
        now, origin = clock.now(), request_id(request)
        if request.query_params and read_query(SubmitQuery, request).get("dry_run"):
            return Response(_estimated(estimate(owner=owner, request=job_request(owner, body), now=now)))
        holds.demand_writing()
        if key is None:
            job, replayed = submit(owner=owner, request=job_request(owner, body), now=now, request_id=origin), False
        else:
            job, replayed = submit_once(
                owner=owner,
                key=key,
                body_hash=body_hash(body),
                read=lambda: job_request(owner, body),
                now=now,
                request_id=origin,
            )
        job, preference = waited_for(job, request)
        return accepted(job, replayed=replayed, preference=preference)


def _estimated(found: Estimate) -> dict[str, Any]:
    return {
        "valid": True,
        "queue": found.job.queue,
        "analyses": found.job.plan,
        "symbols": found.job.symbol_count,
        "bars": found.bar_count,
        "chunks": found.job.chunk_count,
        "cost_seconds": round(found.cost_seconds, 6),
        "result_bytes": found.result_bytes,
        "byte_days": found.byte_days,
        "reusable": found.reusable,
        "chunks_ahead": found.chunks_ahead,
        "wait_seconds": found.wait_seconds,
    }


class JobsCounts(Endpoint):
    """How many jobs are in which state."""

    @documented("Count your jobs by state", answers={200: JobCounts})
    def get(self, request: Request) -> Response:
        """Answer the number of jobs in every state."""
        return Response(selectors.count_by_state(caller(request)))


class JobDetail(Endpoint):
    """One job."""

    @documented(
        "Watch a job", parameters=[WatchQuery], answers={200: JobDetailSerializer}, problems=(304, 404, 410, 422)
    )
    def get(self, request: Request, job_id: UUID) -> HttpResponseBase:
        """Answer the job's state and progress, or 304 if neither has changed; with `wait`, once the job is over.

        When too many wait already, the present state is answered at once.
        """
        wait = read_query(WatchQuery, request).get("wait", 0)
        job = selectors.find_job(owner=caller(request), job_id=job_id)
        if wait and job.state not in TERMINAL and wait_until_over(job.pk, seconds=wait):
            job = selectors.find_job(owner=caller(request), job_id=job_id)
        failures, told = selectors.failures_of(job).to_dict(), selectors.training_of(job)
        training = told and {name: told[name] for name in TRAINING_FIELDS if name in told}
        body = {**represent(job), "failures": failures, "training": training}
        final = body["state"] in TERMINAL
        # What grows by itself is no change.
        progress = {**body["progress"], "rate": None, "eta_seconds": None}
        etag = etag_of(body if final else {**body, "seconds": None, "progress": progress}, weak=not final)
        if unchanged(request, etag):
            return not_modified(etag, final=final)
        response = Response(body)
        if not final:
            response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return with_cache_headers(response, etag, final=final)

    @documented("Delete a job", answers={204: None}, problems=(403, 404, 409, 410))
    def delete(self, request: Request, job_id: UUID) -> Response:
        """Archive a job that is over and delete it with its result; its summary stays."""
        job = selectors.find_job(owner=caller(request), job_id=job_id)
        demand_right(request, job, "jobs.change_job")
        delete(job=job, now=clock.now())
        _audit(request, job, "Deleted.", is_deletion=True)
        return Response(status=204)


class JobCancel(Endpoint):
    """The end of a job before its time."""

    @documented("Cancel a job", answers={200: JobSerializer}, problems=(403, 404, 409))
    def post(self, request: Request, job_id: UUID) -> Response:
        """Cancel what has not begun at once, and what runs at its next symbol; finished parts stay readable."""
        job = selectors.find_job(owner=caller(request), job_id=job_id)
        demand_right(request, job, "jobs.change_job")
        job = cancel(job=job, actor=f"user:{caller(request).pk}", now=clock.now())
        _audit(request, job, "Cancelled.")
        return Response(represent(job))


def _audit(request: Request, job: Any, text: str, *, is_deletion: bool = False) -> None:
    """Write down what staff do to a job of somebody else's."""
    actor = caller(request)
    if job.owner_id != actor.pk:
        record(actor=actor, thing=job, text=text, request_id=request_id(request), is_deletion=is_deletion)


class JobRetry(Endpoint):
    """A new job of what failed."""

    @documented(
        "Retry what failed, as a new job",
        answers={202: JobSerializer},
        headers=ACCEPTED_HEADERS,
        problems=(404, 409, 422),
    )
    def post(self, request: Request, job_id: UUID) -> Response:
        """Accept a new job of the symbols that have no result in this one."""
        refuse_key(request)
        job = selectors.find_job(owner=caller(request), job_id=job_id)
        return accepted(retry(job=job, owner=caller(request), now=clock.now(), request_id=request_id(request)))


class JobClone(Endpoint):
    """A new job with the same request."""

    @documented(
        "Run the same request again, as a new job",
        answers={202: JobSerializer},
        headers=ACCEPTED_HEADERS,
        problems=(404, 422),
    )
    def post(self, request: Request, job_id: UUID) -> Response:
        """Accept a new job with this one's request, computed again over the bars there are now."""
        refuse_key(request)
        job = selectors.find_job(owner=caller(request), job_id=job_id)
        return accepted(clone(job=job, owner=caller(request), now=clock.now(), request_id=request_id(request)))
