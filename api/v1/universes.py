"""Universes: named lists of symbols."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.fields import Body, StringList
from api.paging import Order, PageQuery, page_of, page_serializer
from api.parsing import json_body
from api.queries import read_body, read_query
from api.schema import documented
from api.views import Endpoint, caller
from market import selectors, services
from market.symbols import SYMBOL_CHARS


class UniverseBody(Body):
    """The symbols of a universe, in order."""

    symbols = StringList(max_count=settings.JOB_MAX_SYMBOLS, max_chars=SYMBOL_CHARS)


class UniverseSummarySerializer(serializers.Serializer[Any]):
    """A universe in a list."""

    name = serializers.CharField()
    shared = serializers.BooleanField(help_text="Everybody's: to be read only.")
    symbol_count = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    links = serializers.DictField(child=serializers.CharField())


class UniverseSerializer(UniverseSummarySerializer):
    """A universe with its symbols."""

    symbols = serializers.ListField(child=serializers.CharField())


UniversePage = page_serializer("UniversePage", UniverseSummarySerializer)


def summary(universe: Any) -> dict[str, Any]:
    """Return a universe as it stands in a list."""
    return {
        "name": universe.name,
        "shared": universe.owner_id is None,
        "symbol_count": universe.symbol_count,
        "updated_at": universe.updated_at,
        "links": {"self": reverse("universe", [universe.name])},
    }


class Universes(Endpoint):
    """All universes that the caller can read."""

    @documented("List universes", parameters=[PageQuery], answers={200: UniversePage}, problems=(422,))
    def get(self, request: Request) -> Response:
        """Answer a page of universes, your own and shared ones, by name."""
        query = read_query(PageQuery, request)
        rows = selectors.visible_universes(caller(request)).defer("symbols")
        return Response(page_of(rows, query, Order(("name",)), summary))


class UniverseDetail(Endpoint):
    """One universe."""

    @documented("Read a universe", answers={200: UniverseSerializer}, problems=(404,))
    def get(self, request: Request, name: str) -> Response:
        """Answer the universe with its symbols."""
        universe = selectors.find_universe(caller(request), name)
        return Response({**summary(universe), "symbols": universe.symbols})

    @documented(
        "Write a universe",
        request=UniverseBody,
        answers={200: UniverseSerializer, 201: UniverseSerializer},
        example={"symbols": ["AAPL", "MSFT"]},
        problems=(404,),
    )
    def put(self, request: Request, name: str) -> Response:
        """Store a universe of your own with exactly these symbols; it hides a shared one of that name."""
        given = read_body(UniverseBody, json_body(request))
        universe, created = services.put_universe(owner=caller(request), name=name, now=timezone.now(), **given)
        body = {**summary(universe), "symbols": universe.symbols}
        return Response(body, status=201 if created else 200, headers={"Location": body["links"]["self"]})

    @documented("Delete a universe", answers={204: None}, problems=(404,))
    def delete(self, request: Request, name: str) -> Response:
        """Delete a universe of your own; a shared one of that name becomes visible again."""
        services.delete_universe(owner=caller(request), name=name)
        return Response(status=204)
