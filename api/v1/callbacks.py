"""Callbacks: what became of them, sending them again, and the secret that signs them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import refuse_key
from api.schema import documented
from api.views import Endpoint, caller, demand_right
from jobs import clock, selectors
from jobs.callbacks import messages, replay
from notifications import signing_secrets
from notifications.states import MessageState
from notifications.tables import MessageRow


class AttemptSerializer(serializers.Serializer[Any]):
    """One attempt: the status of the answer, or why there was none."""

    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True)
    error = serializers.CharField(allow_blank=True)
    seconds = serializers.FloatField()


class DeliverySerializer(serializers.Serializer[Any]):
    """One message and what became of it."""

    id = serializers.CharField(help_text="The header webhook-id: the same at every attempt.")
    url = serializers.CharField()
    state = serializers.ChoiceField(choices=MessageState.values)
    attempts = serializers.IntegerField()
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    log = AttemptSerializer(many=True)


class DeliveriesSerializer(serializers.Serializer[Any]):
    """The messages of a job."""

    items = DeliverySerializer(many=True)


class SecretSerializer(serializers.Serializer[Any]):
    """When the present secret was made."""

    created_at = serializers.DateTimeField()


class NewSecretSerializer(SecretSerializer):
    """A new secret, shown only now."""

    secret = serializers.CharField()
    previous_until = serializers.DateTimeField(allow_null=True, help_text="Until then the one before signs as well.")


def _shown(rows: Sequence[MessageRow]) -> dict[str, Any]:
    return {
        "items": [
            {
                "id": f"msg_{row.pk.hex}",
                "url": row.address,
                "state": str(row.state),
                "attempts": row.attempts,
                "next_attempt_at": row.due_at if row.state == "pending" else None,
                "delivered_at": row.delivered_at,
                "log": row.log,
            }
            for row in rows
        ]
    }


class JobCallbacks(Endpoint):
    """The messages of one job."""

    @documented("See what became of a job's callback", answers={200: DeliveriesSerializer}, problems=(404, 410))
    def get(self, request: Request, job_id: UUID) -> Response:
        """Answer the job's messages with their attempts; none before the job is over, or without a callback_url."""
        return Response(_shown(messages(selectors.find_job(owner=caller(request), job_id=job_id))))


class JobCallbackReplay(Endpoint):
    """The message once more."""

    @documented("Send a job's callback again", answers={202: DeliveriesSerializer}, problems=(403, 404, 409, 410))
    def post(self, request: Request, job_id: UUID) -> Response:
        """Accept that the job's message is sent again, whatever became of it, with all its attempts."""
        refuse_key(request)
        job = selectors.find_job(owner=caller(request), job_id=job_id)
        demand_right(request, job, "jobs.change_job")
        return Response(_shown(replay(job, now=clock.now())), status=202)


class CallbackSecretNow(Endpoint):
    """The secret that signs the caller's callbacks."""

    @documented("See when the signing secret was made", answers={200: SecretSerializer}, problems=(404,))
    def get(self, request: Request) -> Response:
        """Answer since when there is the present secret, not the secret."""
        made = signing_secrets.created_at(caller(request).pk)
        if made is None:
            raise NotFound("You have no signing secret yet.", "no_secret")
        return Response({"created_at": made})

    @documented("Make a new signing secret", answers={201: NewSecretSerializer})
    def post(self, request: Request) -> Response:
        """Answer a new secret, shown only now; the one before it signs as well for 24 hours."""
        refuse_key(request)
        return Response(signing_secrets.renew(owner=caller(request), now=clock.now())._asdict(), status=201)
