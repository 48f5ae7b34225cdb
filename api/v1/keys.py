"""API keys: seen, made and revoked by their owner."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.models import ApiKey, Scope
from accounts.selectors import MAX_KEYS, has_room, keys_of
from accounts.services.keys import create_key, revoke
from api.fields import Body, Moment, Text
from api.idempotency import refuse_key
from api.paging import Order, PageQuery, page_of, page_serializer
from api.parsing import json_body
from api.queries import read_body, read_query
from api.schema import documented
from api.views import Endpoint, caller


class TooManyKeys(APIException):
    """The owner has as many usable keys as they may have."""

    status_code = 409
    default_code = "too_many_keys"
    default_detail = f"You have {MAX_KEYS} usable keys; revoke one first."


class KeyBody(Body):
    """What a new key is for, what it may do and until when."""

    name = Text(max_length=100, help_text="What uses it.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices),
        allow_empty=False,
        max_length=len(Scope.values),
        required=False,
        help_text="read and submit, if left out.",
    )
    expires_at = Moment(required=False, help_text="Never, if left out; by key, when that key does.")


class KeySerializer(serializers.Serializer[Any]):
    """A key without its secret."""

    prefix = serializers.CharField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="To five minutes.")
    revoked_at = serializers.DateTimeField(allow_null=True)
    links = serializers.DictField(child=serializers.CharField())


class NewKeySerializer(KeySerializer):
    """A new key, its text shown only now."""

    key = serializers.CharField()


KeyPage = page_serializer("KeyPage", KeySerializer)


def _shown(key: ApiKey) -> dict[str, Any]:
    return {
        "prefix": key.prefix,
        "name": key.name,
        "scopes": key.scopes,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
        "links": {"self": reverse("key", [key.prefix])},
    }


class Keys(Endpoint):
    """All keys of the caller."""

    # With less, a key that has leaked could make its own successor.
    changing_scope = Scope.ADMIN

    @documented("List API keys", parameters=[PageQuery], answers={200: KeyPage}, problems=(422,))
    def get(self, request: Request) -> Response:
        """Answer a page of your keys, revoked and expired ones as well, by prefix."""
        query = read_query(PageQuery, request)
        return Response(page_of(keys_of(caller(request)), query, Order(("prefix",)), _shown))

    @documented(
        "Make an API key",
        request=KeyBody,
        answers={201: NewKeySerializer},
        example={"name": "nightly", "scopes": ["read", "submit"], "expires_at": "2027-01-01T00:00:00Z"},
        headers={"Location": "Where to revoke it."},
        problems=(409,),
    )
    def post(self, request: Request) -> Response:
        """Answer a new key of yours; its text is shown only now. One made by a key lasts no longer than that key."""
        refuse_key(request)
        given = read_body(KeyBody, json_body(request))
        owner, now = caller(request), timezone.now()
        longest = request.auth.expires_at if isinstance(request.auth, ApiKey) else None
        expires_at = given.get("expires_at") or longest
        if expires_at is not None and expires_at <= now:
            raise ValidationError({"expires_at": ["This moment is over."]}, "out_of_bounds")
        if longest and expires_at and expires_at > longest:
            raise ValidationError({"expires_at": ["This is later than the key that asks expires."]}, "out_of_bounds")
        if not has_room(owner, now=now):
            raise TooManyKeys
        scopes = given.get("scopes", [Scope.READ, Scope.SUBMIT])
        made = create_key(owner=owner, name=given["name"], scopes=scopes, now=now, expires_at=expires_at)
        body = _shown(made.row)
        return Response({**body, "key": made.text}, status=201, headers={"Location": body["links"]["self"]})


class KeyDetail(Endpoint):
    """One key of the caller."""

    changing_scope = Scope.ADMIN

    @documented("Revoke an API key", answers={204: None}, problems=(404,))
    def delete(self, request: Request, prefix: str) -> Response:
        """Revoke a key of yours, the one that asks included; it stays in the list as revoked."""
        key = keys_of(caller(request)).filter(prefix=prefix).first()
        if key is None:
            raise NotFound("You have no such key.", "key_not_found")
        revoke([key.pk], now=timezone.now())
        return Response(status=204)
