"""Whether the whole system only reads, for staff: looking, beginning, ending."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.audit import staff_actor
from api.idempotency import refuse_key
from api.parsing import json_body
from api.queries import read_body
from api.schema import documented
from api.v1.queues import HoldBody, OperatorEndpoint, PauseSerializer, represent
from api.views import caller
from jobs import clock, holds
from jobs.hold_rows import READ_ONLY
from jobs.services.hold import begin_read_only, end_read_only


class ReadOnlySerializer(serializers.Serializer[Any]):
    """Whether the system only reads."""

    held = PauseSerializer(allow_null=True, help_text="Null: it writes as well.")


class ReadOnlyMode(OperatorEndpoint):
    """The system while it only reads."""

    permission = {"PUT": "jobs.add_hold", "DELETE": "jobs.delete_hold"}

    @documented("See whether the system only reads (staff)", answers={200: ReadOnlySerializer})
    def get(self, request: Request) -> Response:
        """Answer since when everything that writes is refused, by whom and why."""
        return Response({"held": represent(holds.known().get(READ_ONLY))})

    @documented("Let the system only read (staff)", request=HoldBody, answers={200: ReadOnlySerializer})
    def put(self, request: Request) -> Response:
        """Refuse everything that writes with 503 `read_only`; workers finish what they run and begin nothing."""
        refuse_key(request)
        reason = read_body(HoldBody, json_body(request)).get("reason", "")
        begin_read_only(by=staff_actor(caller(request)), reason=reason, now=clock.now())
        return self.get(request)

    @documented("Let the system write again (staff)", answers={204: None})
    def delete(self, request: Request) -> Response:
        """Let everything go on, and send what waits."""
        end_read_only(by=staff_actor(caller(request)), now=clock.now())
        return Response(status=204)
