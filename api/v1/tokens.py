"""Tokens: short-lived proofs of a password, their renewal, and their end."""

from typing import Any

from django.contrib.auth import get_user_model
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError

from accounts.audit import record
from accounts.models import Scope
from accounts.services.credentials import sign_out_everywhere
from accounts.tokens import Renewal, TokenPair
from api.fields import Body, Text
from api.parsing import json_body
from api.queries import read_body
from api.schema import documented
from api.views import Endpoint, caller, request_id

User = get_user_model()


class Credentials(Body):
    """Name and password of a user."""

    username = Text(max_length=150)
    password = Text(max_length=128, trim_whitespace=False)


class Refresh(Body):
    """A refresh token."""

    refresh = Text(max_length=4_000)


class TokenPairSerializer(serializers.Serializer[Any]):
    """A token for requests, and one to renew it with."""

    access = serializers.CharField()
    refresh = serializers.CharField()


class Open(Endpoint):
    """A route for callers that have no credentials yet."""

    authentication_classes = ()
    permission_classes = ()
    # Of somebody who is not known yet nothing larger is read: credentials and tokens are shorter.
    body_max_bytes = 4_096

    def get_authenticate_header(self, request: Request) -> str:
        """Return what an answer 401 asks for."""
        return 'Bearer realm="api"'


class Token(Open):
    """A pair of tokens for name and password."""

    @documented(
        "Get a token", request=Credentials, answers={200: TokenPairSerializer}, problems=(401, 429), open_to_all=True
    )
    def post(self, request: Request) -> Response:
        """Answer a pair of tokens: send `Authorization: Bearer <access>`."""
        given = read_body(Credentials, json_body(request))
        pair = TokenPair(data=given, context={"request": request})
        pair.is_valid(raise_exception=True)
        return Response(pair.validated_data)


class TokenRefresh(Open):
    """A fresh token for a refresh token."""

    @documented("Renew a token", request=Refresh, answers={200: TokenPairSerializer}, problems=(401,), open_to_all=True)
    def post(self, request: Request) -> Response:
        """Answer a new pair; the refresh token that was sent works no more."""
        given: dict[str, Any] = read_body(Refresh, json_body(request))
        fresh = Renewal(data=given)
        try:
            fresh.is_valid(raise_exception=True)
        except (TokenError, User.DoesNotExist):
            raise InvalidToken("The refresh token is not valid or has expired.") from None
        return Response(fresh.validated_data)


class TokenRevoke(Endpoint):
    """The end of all tokens of the caller."""

    # A key that has leaked could else log its owner out again and again.
    changing_scope = Scope.ADMIN

    @documented("Sign out everywhere", answers={204: None})
    def post(self, request: Request) -> Response:
        """End all your tokens, the one that asks included, and your sessions in the admin; API keys stay."""
        user = caller(request)
        sign_out_everywhere(user)
        record(actor=user, thing=user, text="Signed out everywhere.", request_id=request_id(request))
        return Response(status=204)
