"""Market data in the admin: facts to read; bars change through imports and the API only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin, TabularInline

from accounts.read_only import ReadOnly
from market import series_pages
from market.csv_text import csv_lines
from market.models import BarSeries, Instrument, Universe
from market.selectors import load_bars


class SeriesInline(ReadOnly, TabularInline):
    """The series of an instrument, each with what is unusual about it."""

    model = BarSeries
    fields = readonly_fields = ["timeframe", "bar_count", "first_at", "last_at", "adjustment", "source", "quality"]
    extra = 0
    show_change_link = True

    @admin.display(description="quality")
    def quality(self, series: BarSeries) -> str:
        """Return how many findings of each kind there are."""
        return series_pages.in_short(series)


@admin.register(Instrument)
class InstrumentAdmin(ReadOnly, ModelAdmin):
    """List instruments with their owners, and how new their bars are."""

    list_display = ["symbol", "name", "owner", "series_count", "newest_bar", "created_at"]
    list_filter = ["owner"]
    list_select_related = ["owner"]
    search_fields = ["symbol", "name"]
    inlines = [SeriesInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Instrument]:
        """Return instruments with the number of their series and their newest bar."""
        rows: QuerySet[Instrument] = super().get_queryset(request)
        return rows.annotate(series_count=Count("series"), newest_bar=Max("series__last_at"))

    @admin.display(description="series", ordering="series_count")
    def series_count(self, instrument: Any) -> int:
        """Return how many series there are."""
        return int(instrument.series_count)

    @admin.display(description="newest bar", ordering="newest_bar")
    def newest_bar(self, instrument: Any) -> Any:
        """Return when the newest bar of all series begins."""
        return instrument.newest_bar


@admin.register(BarSeries)
class BarSeriesAdmin(ReadOnly, ModelAdmin):
    """List series with their facts, and give each as CSV."""

    list_display = [
        "instrument",
        "timeframe",
        "owner",
        "bar_count",
        "first_at",
        "last_at",
        "adjustment",
        "source",
    ]
    list_filter = ["timeframe", "adjustment"]
    list_select_related = ["instrument__owner"]
    search_fields = ["instrument__symbol", "source"]
    readonly_fields = ["download", "quality", "picture"]
    fieldsets = [
        (None, {"fields": ["instrument", "timeframe", "quality", "picture", "download"]}),
        (
            "Facts",
            {
                "fields": [
                    *("source", "source_sha256", "adjustment", "timezone", "fingerprint"),
                    *("bar_count", "block_count", "first_at", "last_at", "updated_at"),
                ]
            },
        ),
    ]

    @admin.display(description="owner", ordering="instrument__owner")
    def owner(self, series: BarSeries) -> str:
        """Return the owner's name, or that the series is shared."""
        return str(series.instrument.owner or "shared")

    @admin.display(description="bars")
    def download(self, series: BarSeries) -> str:
        """Return a link to the bars as CSV."""
        return format_html('<a href="{}">CSV</a>', reverse("admin:market_barseries_csv", args=[series.pk]))

    @admin.display(description="quality")
    def quality(self, series: BarSeries) -> str:
        """Return what is unusual about the series."""
        return series_pages.quality(series)

    @admin.display(description="newest bars")
    def picture(self, series: BarSeries) -> str:
        """Return the picture of the newest bars."""
        return format_html(
            '<img src="{}" alt="The newest bars" style="width: 960px; max-width: 100%">',
            reverse("admin:market_barseries_chart", args=[series.pk]),
        )

    def get_urls(self) -> list[URLPattern]:
        """Return the usual addresses and those of the CSV and of the picture."""
        shown = self.admin_site.admin_view
        return [
            path("<int:pk>/csv", shown(self.csv), name="market_barseries_csv"),
            path("<int:pk>/chart.svg", shown(self.draw), name="market_barseries_chart"),
            *super().get_urls(),
        ]

    def draw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer with the picture of the newest bars; needs the right to view series."""
        series = self._series(request, pk)
        return HttpResponse(series_pages.picture(series), content_type="image/svg+xml; charset=utf-8")

    def _series(self, request: HttpRequest, pk: int) -> BarSeries:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(BarSeries.objects.select_related("instrument"), pk=pk)

    def csv(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """Answer with the series as CSV; needs the right to view series."""
        series = self._series(request, pk)
        response = StreamingHttpResponse(csv_lines(load_bars(series)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="series-{series.pk}-{series.timeframe}.csv"'
        return response


@admin.register(Universe)
class UniverseAdmin(ReadOnly, ModelAdmin):
    """List universes with their owners."""

    list_display = ["name", "owner", "symbol_count", "updated_at"]
    list_filter = ["owner"]
    search_fields = ["name"]
    fields = ["owner", "name", "members", "symbol_count", "updated_at"]
    readonly_fields = ["members"]

    @admin.display(description="symbols")
    def members(self, universe: Universe) -> str:
        """Return its symbols in a line."""
        return ", ".join(universe.symbols)
