"""Queues, for staff: what waits in each, and pausing one."""

from typing import Any

from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.audit import staff_actor
from accounts.models import Scope
from api.fields import Body, Text
from api.idempotency import refuse_key
from api.parsing import json_body
from api.queries import read_body
from api.schema import documented
from api.views import Endpoint, caller
from jobs import clock, holds, selectors
from jobs.services.hold import pause, resume


class MayHold(BasePermission):
    """Staff may look; who may add holds in the admin may begin them here, and who may delete them may end them."""

    code = "staff_only"
    message = "Only staff may look at this, and change it with the permission to add or delete holds."

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the caller may do this."""
        user: Any = request.user
        needed = None if request.method in SAFE_METHODS else getattr(view, "permission", {}).get(request.method)
        return bool(user.is_staff) and (needed is None or user.has_perm(needed))


class HoldBody(Body):
    """Why it is stopped."""

    reason = Text(required=False, max_length=300, help_text="Shown wherever the pause is.")


class PauseSerializer(serializers.Serializer[Any]):
    """Since when, by whom, why."""

    since = serializers.DateTimeField()
    by = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)


class QueueSerializer(serializers.Serializer[Any]):
    """A queue."""

    name = serializers.CharField()
    depth = serializers.IntegerField(help_text="Chunks accepted, queued or running.")
    oldest_age_seconds = serializers.FloatField(allow_null=True, help_text="Of the oldest that has not begun.")
    paused = PauseSerializer(allow_null=True)


class QueuesSerializer(serializers.Serializer[Any]):
    """All queues."""

    items = QueueSerializer(many=True)


def represent(held: holds.Held | None) -> dict[str, Any] | None:
    """Return a hold as it is answered."""
    return None if held is None else held._asdict()


def _queues() -> list[dict[str, Any]]:
    figures = selectors.queue_figures(now=clock.now())
    return [
        {
            "name": name,
            "depth": figure.depth,
            "oldest_age_seconds": figure.oldest_age_seconds,
            "paused": represent(figure.held),
        }
        for name, figure in figures.items()
    ]


def _queue(name: str) -> Response:
    return Response(next(one for one in _queues() if one["name"] == name))


class OperatorEndpoint(Endpoint):
    """What operators do; it goes on while everybody else may only read."""

    permission_classes = [*Endpoint.permission_classes, MayHold]
    changing_scope = Scope.ADMIN

    def is_writing(self, request: Request) -> bool:
        """Say no: who has stopped the system must be able to let it go on."""
        return False


class Queues(OperatorEndpoint):
    """All queues."""

    @documented("List the queues (staff)", answers={200: QueuesSerializer})
    def get(self, request: Request) -> Response:
        """Answer what waits in each queue, since when, and which are paused."""
        return Response({"items": _queues()})


class QueuePause(OperatorEndpoint):
    """A queue that stands still."""

    permission = {"POST": "jobs.add_hold"}

    @documented("Pause a queue (staff)", request=HoldBody, answers={200: QueueSerializer}, problems=(404,))
    def post(self, request: Request, name: str) -> Response:
        """Let nothing of this queue begin: jobs are accepted and wait, what runs is finished. Twice is as once."""
        refuse_key(request)
        reason = read_body(HoldBody, json_body(request)).get("reason", "")
        pause(name, by=staff_actor(caller(request)), reason=reason, now=clock.now())
        return _queue(name)


class QueueResume(OperatorEndpoint):
    """A queue that goes on."""

    permission = {"POST": "jobs.delete_hold"}

    @documented("Let a queue go on (staff)", answers={200: QueueSerializer}, problems=(404,))
    def post(self, request: Request, name: str) -> Response:
        """Send what waits in this queue to the workers. Twice is as once."""
        refuse_key(request)
        resume(name, by=staff_actor(caller(request)), now=clock.now())
        return _queue(name)
