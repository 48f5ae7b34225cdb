"""Bar series: upload, list, read, continue, delete, and what is unusual about them."""

from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from analysis.errors import Fault
from api.conditional import etag_of, not_modified, unchanged, with_cache_headers
from api.fields import Body, StrictBoolean, Text, WholeNumberText
from api.paging import Order, PageQuery, page_of, page_serializer
from api.parsing import json_body
from api.queries import MomentParameter, read_query
from api.schema import documented
from api.v1.bars_body import BarsField, SymbolField, TimeframeField, read_with_bars
from api.views import Endpoint, caller
from jobs import clock
from jobs.errors import InvalidRequest
from market import selectors, services
from market.models import Adjustment
from market.quality import quality_report
from market.symbols import SYMBOL_CHARS

COLUMNS = ("open", "high", "low", "close", "volume")


class SeriesBody(Body):
    """A whole series; it replaces an earlier one of this symbol and timeframe."""

    symbol = SymbolField()
    timeframe = TimeframeField()
    bars = BarsField()
    source = Text(  # type: ignore[assignment]
        max_length=200, required=False, default="upload", help_text="Where the bars come from."
    )
    adjustment = Text(max_length=8, required=False, default="raw", help_text="raw, split or total.")
    name = Text(max_length=200, required=False, default="", allow_blank=True)
    timezone = Text(max_length=64, required=False, default="UTC", help_text="IANA zone that cuts sessions.")


class AppendBody(Body):
    """Bars that continue a series."""

    bars = BarsField()
    replace_last = StrictBoolean(
        required=False, default=False, help_text="The first bar may take the place of the last stored one."
    )


class SeriesQuery(PageQuery):
    """Which series to list."""

    symbol = serializers.CharField(required=False, max_length=SYMBOL_CHARS)
    timeframe = serializers.CharField(required=False, max_length=5)


class BarsQuery(Body):
    """Which bars to read."""

    start = MomentParameter(required=False, help_text="First moment asked for.")
    end = MomentParameter(required=False, help_text="First moment no longer asked for.")
    last = WholeNumberText(
        required=False, default=settings.SERIES_MAX_BARS, min_value=1, max_value=settings.SERIES_MAX_BARS
    )


class SpanSerializer(serializers.Serializer[Any]):
    """How many bars, from when to when."""

    count = serializers.IntegerField()
    first = serializers.DateTimeField(allow_null=True)
    last = serializers.DateTimeField(allow_null=True)


class SeriesSerializer(serializers.Serializer[Any]):
    """The facts about a series."""

    symbol = serializers.CharField()
    timeframe = serializers.CharField()
    name = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    adjustment = serializers.ChoiceField(choices=Adjustment.values)
    timezone = serializers.CharField()
    shared = serializers.BooleanField(help_text="Everybody's: to be read only.")
    bars = SpanSerializer()
    fingerprint = serializers.CharField()
    updated_at = serializers.DateTimeField()
    links = serializers.DictField(child=serializers.CharField())


class BarsSerializer(SeriesSerializer):
    """Bars in columns, beside the facts about their series."""

    time = serializers.ListField(child=serializers.IntegerField(), help_text="Milliseconds since 1970.")
    open = serializers.ListField(child=serializers.FloatField())
    high = serializers.ListField(child=serializers.FloatField())
    low = serializers.ListField(child=serializers.FloatField())
    close = serializers.ListField(child=serializers.FloatField())
    volume = serializers.ListField(child=serializers.FloatField(allow_null=True), allow_null=True)


class QualitySerializer(serializers.Serializer[Any]):
    """What is unusual about a series."""

    bars = serializers.IntegerField()
    first = serializers.DateTimeField(allow_null=True)
    last = serializers.DateTimeField(allow_null=True)
    has_volume = serializers.BooleanField()
    findings = serializers.DictField(child=serializers.DictField())


SeriesPage = page_serializer("SeriesPage", SeriesSerializer)


def represent(series: Any) -> dict[str, Any]:
    """Return the facts about a series as they are answered."""
    at = [series.instrument.symbol, series.timeframe]
    return {
        "symbol": series.instrument.symbol,
        "timeframe": series.timeframe,
        "name": series.instrument.name,
        "source": series.source,
        "adjustment": series.adjustment,
        "timezone": series.timezone,
        "shared": series.instrument.owner_id is None,
        "bars": {"count": series.bar_count, "first": series.first_at, "last": series.last_at},
        "fingerprint": series.fingerprint,
        "updated_at": series.updated_at,
        "links": {"self": reverse("series-bars", at), "quality": reverse("series-quality", at)},
    }


def _sound(values: dict[str, Any], faults: list[Fault]) -> dict[str, Any]:
    if faults:
        raise InvalidRequest(faults)
    return values


class SeriesList(Endpoint):
    """All series that the caller can read."""

    @documented("List series", parameters=[SeriesQuery], answers={200: SeriesPage}, problems=(422,))
    def get(self, request: Request) -> Response:
        """Answer a page of series, your own and shared ones, by symbol and timeframe."""
        query = read_query(SeriesQuery, request)
        rows = selectors.visible_series(caller(request))
        if "symbol" in query:
            rows = rows.filter(instrument__symbol=query["symbol"].upper())
        if "timeframe" in query:
            rows = rows.filter(timeframe=query["timeframe"])
        return Response(page_of(rows, query, Order(("instrument__symbol", "timeframe")), represent))

    @documented(
        "Upload a series",
        request=SeriesBody,
        answers={201: SeriesSerializer},
        example={
            "symbol": "BTC/USDT",
            "timeframe": "1d",
            "bars": [[1704067200000, 42283.6, 44184.1, 42180.8, 44179.6, 27174.3]],
        },
    )
    def post(self, request: Request) -> Response:
        """Store a series of your own; it hides a shared one of the same symbol and timeframe."""
        given = _sound(*read_with_bars(SeriesBody, json_body(request)))
        body = represent(services.store_series(owner=caller(request), now=clock.now(), **given))
        return Response(body, status=201, headers={"Location": body["links"]["self"]})


class SeriesBars(Endpoint):
    """The bars of one series."""

    @documented("Read bars", parameters=[BarsQuery], answers={200: BarsSerializer}, problems=(304, 404, 422))
    def get(self, request: Request, symbol: str, timeframe: str) -> HttpResponseBase:
        """Answer the bars of a range, in columns."""
        query = read_query(BarsQuery, request)
        series = selectors.find_series(caller(request), symbol, timeframe)
        facts = represent(series)
        etag = etag_of([facts, query])
        if unchanged(request, etag):
            return not_modified(etag, final=False)
        bars = selectors.load_bars(series, **query)
        milliseconds = bars.time // 1_000_000
        body = {
            **facts,
            "time": milliseconds,
            **{name: getattr(bars, name) for name in COLUMNS},
        }
        return with_cache_headers(Response(body), etag, final=False)

    @documented("Append bars", request=AppendBody, answers={200: SeriesSerializer}, problems=(404, 409))
    def post(self, request: Request, symbol: str, timeframe: str) -> Response:
        """Continue a series of your own: every bar must be later than the last stored one."""
        given = _sound(*read_with_bars(AppendBody, json_body(request), timeframe=timeframe))
        series = services.append_bars(
            owner=caller(request), symbol=symbol, timeframe=timeframe, now=clock.now(), **given
        )
        return Response(represent(series))

    @documented("Delete a series", answers={204: None}, problems=(404,))
    def delete(self, request: Request, symbol: str, timeframe: str) -> Response:
        """Delete a series of your own; a shared one of that name becomes visible again."""
        services.delete_series(owner=caller(request), symbol=symbol, timeframe=timeframe)
        return Response(status=204)


class SeriesQuality(Endpoint):
    """The data-quality report of one series."""

    @documented("Read what is unusual about a series", answers={200: QualitySerializer}, problems=(404,))
    def get(self, request: Request, symbol: str, timeframe: str) -> Response:
        """Answer gaps, flat bars, jumps and unusual ranges as facts; nothing is judged."""
        series = selectors.find_series(caller(request), symbol, timeframe)
        return Response(quality_report(selectors.load_bars(series)))
