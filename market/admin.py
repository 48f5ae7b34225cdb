"""Market data in the admin: facts to read; bars change through imports and the API only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin

from market.csv_text import csv_lines
from market.models import BarSeries, Instrument, Universe
from market.selectors import load_bars


class ReadOnlyAdmin(ModelAdmin):
    """Show rows without letting anybody add or change one."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: rows come from services."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: rows come from services."""
        return False


@admin.register(Instrument)
class InstrumentAdmin(ReadOnlyAdmin):
    """List instruments with their owners."""

    list_display = ["symbol", "name", "owner", "created_at"]
    list_filter = ["owner"]
    search_fields = ["symbol", "name"]


@admin.register(BarSeries)
class BarSeriesAdmin(ReadOnlyAdmin):
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
    readonly_fields = ["download"]

    @admin.display(description="owner", ordering="instrument__owner")
    def owner(self, series: BarSeries) -> str:
        """Return the owner's name, or that the series is shared."""
        return str(series.instrument.owner or "shared")

    @admin.display(description="bars")
    def download(self, series: BarSeries) -> str:
        """Return a link to the bars as CSV."""
        return format_html('<a href="{}">CSV</a>', reverse("admin:market_barseries_csv", args=[series.pk]))

    def get_urls(self) -> list[URLPattern]:
        """Return the usual addresses and the one of the CSV."""
        view = self.admin_site.admin_view(self.csv)
        return [path("<int:pk>/csv", view, name="market_barseries_csv"), *super().get_urls()]

    def csv(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """Answer with the series as CSV; needs the right to view series."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        series = get_object_or_404(BarSeries.objects.select_related("instrument"), pk=pk)
        response = StreamingHttpResponse(csv_lines(load_bars(series)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="series-{series.pk}-{series.timeframe}.csv"'
        return response


@admin.register(Universe)
class UniverseAdmin(ReadOnlyAdmin):
    """List universes with their owners."""

    list_display = ["name", "owner", "symbol_count", "updated_at"]
    list_filter = ["owner"]
    search_fields = ["name"]
