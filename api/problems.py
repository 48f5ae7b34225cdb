"""Every error as a problem document (RFC 9457): one table from exceptions to statuses, one way to write them."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions

from analysis import errors as analysis
from analysis.errors import Fault, first_faults
from api.rendering import dump
from api.validation_errors import faults_in
from jobs import errors as jobs
from jobs.full_disk import is_full_disk
from market import errors as market
from ops import admin_errors
from ops.landing_page import nowhere

MEDIA_TYPE = "application/problem+json"
# When a new connection may have been made.
DATABASE_RETRY_SECONDS = 5
# When somebody may have made room.
FULL_DISK_RETRY_SECONDS = 60

log = structlog.get_logger(__name__)

# The first class that fits decides. What is missing here is a bug of ours and answers 500.
DOMAIN: Sequence[tuple[type[Exception], int, str]] = (
    (jobs.InvalidRequest, 422, "The request is not valid"),
    (jobs.IdempotencyMismatch, 422, "The idempotency key belongs to another body"),
    (jobs.TooManyOpenJobs, 429, "You have too many jobs under way"),
    (jobs.TrainingUnderWay, 409, "You have a training under way"),
    (jobs.TrainingUnavailable, 409, "Models are not trained here"),
    (jobs.StorageFull, 403, "Your jobs take too much storage"),
    (jobs.PageTooLarge, 422, "The result is too large for one page"),
    (jobs.ReadOnly, 503, "The system only reads"),
    (jobs.QueueUnknown, 404, "No such queue"),
    (jobs.Overloaded, 503, "There is more work than gets done"),
    (jobs.InvalidCursor, 422, "The cursor is not valid"),
    (jobs.JobNotFound, 404, "No such job"),
    (jobs.JobDeleted, 410, "The job is deleted"),
    (jobs.NotDeletable, 409, "The job cannot be deleted"),
    (jobs.ResultIsModel, 409, "The result is a model"),
    (jobs.ResultNotReady, 409, "There is no result yet"),
    (jobs.NoCallback, 409, "There is no callback"),
    (jobs.NotCancellable, 409, "The job cannot be cancelled"),
    (jobs.NotRetryable, 409, "The job cannot be retried"),
    (market.SeriesNotFound, 404, "No such series"),
    (market.UniverseNotFound, 404, "No such universe"),
    (market.AppendRefused, 409, "The bars do not continue the series"),
    (market.SeriesChanged, 409, "The series has changed"),
    (market.BarsInputError, 422, "The bars were refused"),
    (market.SeriesInvalid, 422, "The series was refused"),
    (market.SymbolInvalid, 422, "A symbol or name was refused"),
    (market.SymbolsUnknown, 422, "Some symbols have no bars"),
    (market.TimeframeUnknown, 422, "The timeframe is unknown"),
    (market.TimezoneUnknown, 422, "The time zone is unknown"),
    (market.ImportRefused, 422, "The bars were refused"),
    (analysis.PlanError, 422, "The analyses were refused"),
    (analysis.BarsError, 422, "The bars were refused"),
    (analysis.InsufficientHistory, 422, "There are too few bars"),
    (analysis.PricesNotPositive, 422, "Some of the analyses need prices above zero"),
)


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Return the problem of an exception out of an API view, or None for a bug, which Django logs and answers 500."""
    request: HttpRequest = context["request"]._request
    for kind, status, title in DOMAIN:
        if isinstance(error, kind):
            detail = getattr(error, "detail", str(error))
            faults = getattr(error, "faults", ())
            more = _members(error)
            wait = getattr(error, "retry_after", None)
            headers = {} if wait is None else {"Retry-After": str(wait)}
            code = getattr(error, "code", "refused")
            return problem(request, status, code, title, detail, faults=faults, more=more, headers=headers)
    if is_full_disk(error):
        return full_disk(request, error)
    if isinstance(error, (OperationalError, InterfaceError)):
        return database_unavailable(request, error)
    if isinstance(error, exceptions.ValidationError):
        return invalid(request, faults_in(error.detail))
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, exceptions.APIException):
        code, detail = _said(error)
        headers = {}
        if challenge := getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = challenge
        if wait := getattr(error, "wait", None):
            headers["Retry-After"] = str(int(wait))
        return problem(request, error.status_code, code, _phrase(error.status_code), detail, headers=headers)
    return None


def _members(error: Exception) -> Mapping[str, Any]:
    """Return what a problem of this kind has besides."""
    if isinstance(error, jobs.JobDeleted):
        return {"summary": error.summary}
    if isinstance(error, jobs.StorageFull):
        return {"byte_days": {"used": error.used, "asked": error.asked, "limit": error.limit}}
    return {}


def invalid(request: HttpRequest, faults: Sequence[Fault]) -> HttpResponse:
    """Return the problem of a request whose shape is wrong."""
    count = f"{len(faults)} fault{'s' if len(faults) != 1 else ''} in the request."
    return problem(request, 422, "invalid_request", "The request is not valid", count, faults=faults)


def problem(
    request: HttpRequest,
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    faults: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Return one problem document; `more` are members of its own kind."""
    body: dict[str, Any] = {
        "type": f"urn:gravity:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "instance": request.path,
        "request_id": getattr(request, "request_id", None),
        **(more or {}),
    }
    if faults:
        body["errors"] = [fault._asdict() for fault in first_faults(faults)]
    structlog.contextvars.bind_contextvars(problem=code)
    answer_headers = {"Cache-Control": "no-store", **(headers or {})}
    return HttpResponse(dump(body), status=status, content_type=MEDIA_TYPE, headers=answer_headers)


def database_unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the problem of a database that is away, or that did not get done in time; the log has what it said."""
    log.error("database_unavailable", kind=type(error).__name__, error=str(error).strip())
    detail = "The database does not answer. Nothing is wrong with the request; send it again."
    wait = {"Retry-After": str(DATABASE_RETRY_SECONDS)}
    return problem(request, 503, "database_unavailable", "The database does not answer", detail, headers=wait)


def full_disk(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the problem of a disk without room, the database's or this machine's: reading goes on, writing waits."""
    log.error("disk_full", kind=type(error).__name__, error=str(error).strip())
    detail = "There is no room to store anything. Nothing is wrong with the request; what is stored can be read."
    wait = {"Retry-After": str(FULL_DISK_RETRY_SECONDS)}
    return problem(request, 503, "disk_full", "The disk is full", detail, headers=wait)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what Django refuses before any view: a host that is not ours, a header that cannot be read."""
    return problem(request, 400, "bad_request", "Bad Request", "The request was refused.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a permission refused outside the API's views; people in the admin get a page."""
    if admin_errors.is_admin(request):
        return admin_errors.forbidden(request)
    return problem(request, 403, "permission_denied", "Forbidden", "This is not allowed.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a path that leads nowhere; people in the admin get a page."""
    if admin_errors.is_admin(request):
        return admin_errors.not_found(request)
    forms = ["application/json", "text/html"]
    if not request.path.startswith("/api/") and request.get_preferred_type(forms) == "text/html":
        return nowhere(request)
    return problem(request, 404, "not_found", "Not Found", "Nothing is at this address.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a bug of ours with nothing but the request's id, under which the log tells the rest."""
    if admin_errors.is_admin(request):
        return admin_errors.broken(request)
    detail = "Something went wrong on our side. Quote the request id when you report it."
    return problem(request, 500, "internal_error", "Internal Server Error", detail)


def _said(error: exceptions.APIException) -> tuple[str, str]:
    """Return code and text of an API exception, whose detail may also be a dict or a list of texts."""
    detail = error.detail
    if isinstance(detail, dict):
        return str(detail.get("code", error.default_code)), str(detail.get("detail", error.default_detail))
    if isinstance(detail, list):
        return error.default_code, " ".join(map(str, detail))
    return detail.code or error.default_code, str(detail)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase
