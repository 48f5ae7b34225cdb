"""What the caller's jobs take of the storage."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.schema import documented
from api.views import Endpoint, caller
from jobs import selectors


class StorageSerializer(serializers.Serializer[Any]):
    """What your jobs take: a byte day is a byte that is promised to be kept for a day."""

    stored_bytes = serializers.IntegerField(help_text="Of jobs that are over and not deleted.")
    byte_days = serializers.IntegerField(help_text="Theirs: bytes of each times the days of its retention.")
    expected_byte_days = serializers.IntegerField(help_text="Of jobs that are not over, at most.")
    limit_byte_days = serializers.IntegerField(allow_null=True, help_text="Of both together; null: any number.")


class Storage(Endpoint):
    """Storage of the caller."""

    @documented("Read how much storage your jobs take", answers={200: StorageSerializer})
    def get(self, request: Request) -> Response:
        """Answer what your jobs take, and what they may take."""
        return Response(selectors.storage_of(caller(request))._asdict())
