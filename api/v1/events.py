"""Server-sent events of one job."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from api.fields import Body
from api.media_types import EVENT_STREAM, EventStreamForm
from api.queries import read_query
from api.rendering import dump
from api.schema import documented
from api.views import Endpoint, caller
from jobs import clock, selectors
from jobs.connections import give_back
from jobs.progress_stream import Watch
from jobs.snapshots import Snapshot

# When a client comes back: soon after a stream whose time was over, later when there was no place for it.
AGAIN_MS = 1_000
NO_PLACE_SECONDS = 5


class NoQuery(Body):
    """A route without parameters."""


class JobEvents(Endpoint):
    """What becomes of a job, told as it happens."""

    renderer_classes = (EventStreamForm,)

    @documented(
        "Follow a job",
        parameters=[
            OpenApiParameter(
                "Last-Event-ID", str, OpenApiParameter.HEADER, description="The `id` of the last event you have seen."
            )
        ],
        answers={(200, EVENT_STREAM): OpenApiTypes.STR, 204: None},
        problems=(404, 410, 422),
    )
    def get(self, request: Request, job_id: UUID) -> HttpResponseBase:
        """Answer the present state at once, then every change of state or progress until the job is over.

        A stream has an end: with the job, when its time is over, or with `closing` when the process that tells it ends;
        come back with Last-Event-ID. When too many wait already it ends after the present state. Who has seen the job's
        end already gets 204.
        """
        read_query(NoQuery, request)
        job = selectors.find_job(owner=caller(request), job_id=job_id)
        known = request.headers.get("Last-Event-ID", "")
        watch = Watch(job, seconds=settings.EVENTS_MAX_SECONDS, heartbeat_seconds=settings.EVENTS_HEARTBEAT_SECONDS)
        if request.method == "HEAD" or (watch.first.is_over and known == event_id(watch.first)):
            watch.close()
            return HttpResponse(status=204 if watch.first.is_over and known else 200, content_type=EVENT_STREAM)
        give_back()  # for as long as the stream lasts
        answer = StreamingHttpResponse(Events(job_id, watch, known), content_type=EVENT_STREAM)
        # A proxy that collects an answer before it passes it on would keep the events back.
        answer.headers["X-Accel-Buffering"] = "no"
        if watch.is_cut:
            answer.headers["Retry-After"] = str(NO_PLACE_SECONDS)
        return answer


class Events:
    """The bytes of a stream; the server calls close(), also when the client has gone."""

    def __init__(self, job_id: UUID, watch: Watch, known: str) -> None:
        self._job_id = job_id
        self._watch = watch
        self._known = known
        self._state = ""
        self._begun = False

    def __iter__(self) -> "Events":
        return self

    def __next__(self) -> bytes:
        """Return the next event, or a comment that keeps the connection alive."""
        head = b""
        if not self._begun:
            self._begun = True
            head = b"retry: %d\n\n" % (NO_PLACE_SECONDS * 1_000 if self._watch.is_cut else AGAIN_MS)
        return head + self._event(next(self._watch), clock.estimate())

    def close(self) -> None:
        """Give the place back."""
        self._watch.close()

    def _event(self, found: Snapshot | None, now: datetime) -> bytes:
        if found is None:
            return b": still here\n\n"
        kind, self._state = "progress" if found.state == self._state else "state", found.state
        if self._watch.is_ending and not found.is_over:
            kind = "closing"  # with what the job is now; another process goes on with it
        name = event_id(found)
        if name == self._known and kind != "closing":
            return b": nothing new\n\n"
        return f"event: {kind}\nid: {name}\ndata: {dump(_shown(self._job_id, found, now)).decode()}\n\n".encode()


def event_id(found: Snapshot) -> str:
    """Return what stands for all that an event tells but the pace."""
    return f"{found.state}.{found.done}.{found.failed}"


def _shown(job_id: UUID, found: Snapshot, now: datetime) -> dict[str, Any]:
    rate, eta = found.pace(now)
    return {
        "id": str(job_id),
        "state": found.state,
        "reason": found.reason or None,
        "progress": {
            "done": found.done,
            "total": found.total,
            "failed": found.failed,
            "rate": rate,
            "eta_seconds": eta,
        },
    }
