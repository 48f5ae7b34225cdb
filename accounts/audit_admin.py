"""The audit log in the admin, to read: who did what to what, in plain words."""

from operator import itemgetter
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import capfirst
from unfold.admin import ModelAdmin

from accounts.read_only import ReadOnly
from accounts.row_links import page_of
from accounts.short_lists import ShortList

# What the menu and the documentation call it. A migration goes by what the model was written with, which this is not.
LogEntry._meta.verbose_name, LogEntry._meta.verbose_name_plural = "entry of the audit log", "audit log"
for _name, _said in {"action_time": "when", "user": "who", "action_flag": "did", "content_type": "kind"}.items():
    LogEntry._meta.get_field(_name).verbose_name = _said  # type: ignore[union-attr]


class KindFilter(admin.SimpleListFilter):
    """Choose what kind of rows entries are of, among those that the admin has pages of."""

    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return what can be chosen."""
        found = ContentType.objects.get_for_models(*admin.site._registry)
        return sorted(((str(kind.pk), capfirst(kind.name)) for kind in found.values()), key=itemgetter(1))

    def queryset(self, request: HttpRequest, queryset: "QuerySet[LogEntry]") -> "QuerySet[LogEntry]":
        """Return the entries of the kind chosen, all for none and for what could not be chosen."""
        chosen = self.value()
        offered = {number for number, _ in self.lookup_choices}
        return queryset.filter(content_type=int(chosen)) if chosen in offered else queryset


@admin.register(LogEntry)
class AuditLogAdmin(ShortList, ReadOnly, ModelAdmin):
    """Newest first, found by user, by kind of thing, and by its id."""

    counted_as = ("entry", "entries")
    list_display = ["action_time", "user", "action_flag", "kind", "which", "message"]
    list_filter = ["action_flag", KindFilter, "action_time"]
    search_fields = ["user__username__exact", "object_id__exact"]
    search_help_text = "A user, or the id of what it was done to"
    list_select_related = ["user", "content_type"]
    ordering = ["-pk"]
    fields = ["action_time", "user", "action_flag", "kind", "which", "key", "message"]
    readonly_fields = ["kind", "which", "key", "message"]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the entry with where the page is of what it is of."""
        entry = super().get_object(request, object_id, from_field)
        if entry is not None:
            entry.place = page_of(request, entry)
        return entry

    @admin.display(description="Kind")
    def kind(self, entry: LogEntry) -> str:
        return capfirst(entry.content_type.name) if entry.content_type else "–"

    @admin.display(description="Which")
    def which(self, entry: Any) -> str:
        place = getattr(entry, "place", None)
        return (
            format_html('<a class="underline" href="{}">{}</a>', place, entry.object_repr)
            if place
            else entry.object_repr
        )

    @admin.display(description="Its id")
    def key(self, entry: LogEntry) -> str:
        return entry.object_id or "–"

    @admin.display(description="What")
    def message(self, entry: LogEntry) -> str:
        return entry.get_change_message() or "–"
