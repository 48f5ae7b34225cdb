"""How routes are described: each names its answers, and gets the problems that its kind of route can give."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from api import security_schemes
from api.problems import MEDIA_TYPE

# Imported for its effect: the document describes what has been registered.
__all__ = ["Schema", "documented", "security_schemes"]

Method = TypeVar("Method", bound=Callable[..., Any])


class FaultSerializer(serializers.Serializer[Any]):
    """One thing that is wrong with a request."""

    pointer = serializers.CharField(
        help_text="JSON pointer (RFC 6901) into the body, or `?name` for a query parameter; empty: the whole."
    )
    code = serializers.CharField(help_text="Stable, for programs.")
    detail = serializers.CharField(help_text="For people.")


class ProblemSerializer(serializers.Serializer[Any]):
    """A problem document (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable, for programs.")
    detail = serializers.CharField()
    instance = serializers.CharField()
    request_id = serializers.CharField(allow_null=True, help_text="Under this id the log tells the rest.")
    errors = FaultSerializer(  # type: ignore[assignment]
        many=True, required=False, help_text="Everything that is wrong, at once."
    )


MEANINGS: Mapping[int, str] = {
    304: "Unchanged since the ETag in If-None-Match.",
    400: "The body cannot be read: empty, malformed, a name given twice, too deep.",
    401: "No credentials, or none that are valid.",
    403: "The API key lacks the scope.",
    404: "There is nothing here that you may see.",
    406: "The answer has no form that Accept allows.",
    409: "The state of the resource does not allow it.",
    410: "Deleted; what stays is its `summary`.",
    411: "The body comes in chunks, without Content-Length.",
    413: "The body is larger than the limit.",
    415: "The body is not application/json.",
    422: "The request is refused; `errors` lists every fault.",
    429: "Too many requests, open jobs or wrong credentials; Retry-After tells when to try again.",
    503: "No place is free, work piles up, the database is away, full or only read; Retry-After tells when to return.",
    500: "A bug of ours; the log has it under the request id.",
}


def documented(
    summary: str,
    *,
    answers: Mapping[Any, Any],
    problems: tuple[int, ...] = (),
    request: Any = None,
    parameters: list[Any] | None = None,
    example: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    open_to_all: bool = False,
) -> Callable[[Method], Method]:
    """Return the decorator that describes one method of a view.

    `problems` are those beyond the ones that every such method can give: 406, 500 and 503 always; 401, 403 and 429
    unless open to all; 400, 411, 413, 415 and 422 with a body. `headers` come with every answer that is no problem.
    """
    codes = {406, 500, 503, *problems}
    codes |= set() if open_to_all else {401, 403, 429}
    codes |= {400, 411, 413, 415, 422} if request is not None else set()
    responses: dict[Any, Any] = dict(answers)
    for code in sorted(codes):
        if code == 304:
            responses[code] = OpenApiResponse(description=MEANINGS[code])
        else:
            responses[(code, MEDIA_TYPE)] = OpenApiResponse(ProblemSerializer, description=MEANINGS[code])
    examples = [OpenApiExample("Example", value=example, request_only=True)] if example is not None else None
    sent = [
        OpenApiParameter(name, str, OpenApiParameter.HEADER, description=text, response=_codes(answers))
        for name, text in (headers or {}).items()
    ]
    if 304 in codes:
        sent += [
            OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag you have."),
            OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 304]),
        ]
    return extend_schema(
        summary=summary,
        request=request,
        responses=responses,
        parameters=[*(parameters or []), *sent],
        examples=examples,
        auth=[] if open_to_all else None,
    )


def _codes(answers: Mapping[Any, Any]) -> list[int]:
    """Return the status codes of answers, which may be told apart by their media type as well."""
    return [answer[0] if isinstance(answer, tuple) else answer for answer in answers]


class Schema(AutoSchema):
    """Name operations by what they do to what."""

    def get_tags(self) -> list[str]:
        """Return the resource: the first word of the path after the version."""
        return [self._resource()]

    def get_operation_id(self) -> str:
        """Return verb and path, such as `get_jobs_job_id_result`."""
        words = [word.strip("{}") for word in self._tail() if word]
        return "_".join([self.method.lower(), *words])

    def _resource(self) -> str:
        return self._tail()[0]

    def _tail(self) -> list[str]:
        return self.path.removeprefix("/api/v1/").split("/")
