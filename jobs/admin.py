"""Chunks, transitions and what stays of jobs to look at; jobs and holds have files of their own."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from accounts.read_only import ReadOnly
from accounts.selectors import owner_named
from accounts.short_lists import ShortList
from jobs import clock
from jobs.hold_admin import HoldAdmin as HoldAdmin
from jobs.ids import ids_beginning
from jobs.job_admin import in_two_lines, labelled
from jobs.list_filters import OpenStateFilter
from jobs.models import Chunk, Delivery, StorageUse, Tombstone, Transition
from jobs.queries.storage import sums_by_owner
from jobs.storage_use import GIGABYTE, limit
from notifications.services.replay import send_again


class RowsOfJobs(ShortList, ReadOnly, ModelAdmin):
    """Rows that each job has several of: the newest first, no further than anyone reads, found by their job."""

    search_fields = ["id"]  # that there is a field to type into
    search_help_text = "A job's id or its beginning"
    ordering = ["-id"]

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        if not search_term.strip():
            return queryset, False
        between = ids_beginning(search_term)
        found = queryset.filter(job_id__gte=between[0], job_id__lte=between[1]) if between else queryset.none()
        return found, False


@admin.register(Chunk)
class ChunkAdmin(RowsOfJobs):
    list_display = [
        "id",
        "job_id",
        "position",
        "state_label",
        "queue",
        "attempt",
        "worker",
        "error_code",
        "finished_at",
    ]
    list_filter = [OpenStateFilter]
    exclude = ["blob"]

    @display(description="State")
    def state_label(self, chunk: Chunk) -> str:
        return labelled(chunk.state)


@admin.register(Transition)
class TransitionAdmin(RowsOfJobs):
    list_display = ["when", "job_id", "chunk_id", "from_state", "to_state", "attempt", "actor", "reason"]

    @display(description="At")
    def when(self, row: Transition) -> SafeString:
        return in_two_lines(row.at)


@admin.register(StorageUse)
class StorageUseAdmin(ReadOnly, ModelAdmin):
    """What the jobs of each owner take: a line for an owner, with the sums of the parts that are kept."""

    counted_as = ("owner", "owners")
    change_list_template = "accounts/short_list.html"
    list_display = ["owner", "stored", "kept", "share"]
    list_select_related = ["owner"]
    list_display_links = None
    search_fields = ["owner__username__exact"]

    def get_ordering(self, request: HttpRequest) -> list[str]:
        return ["-whole_byte_days"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[StorageUse]":
        return sums_by_owner()

    @display(description="Stored MB", ordering="whole_bytes")
    def stored(self, use: Any) -> str:
        return f"{use.whole_bytes / 1e6:,.1f}"

    @display(description="GB days", ordering="whole_byte_days")
    def kept(self, use: Any) -> str:
        return f"{use.whole_byte_days / GIGABYTE:,.3f}"

    @display(description="Of the limit")
    def share(self, use: Any) -> str:
        most = limit()
        return f"{use.whole_byte_days / most:.1%}" if most else "–"


@admin.register(Tombstone)
class TombstoneAdmin(ShortList, ReadOnly, ModelAdmin):
    list_display = ["id", "owner", "archive", "deleted_at"]
    list_select_related = ["owner"]
    search_fields = ["id"]  # that there is a field to type into
    search_help_text = "A job's id or its beginning, or an owner"
    ordering = ["-deleted_at"]

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Tombstone]", search_term: str
    ) -> tuple["QuerySet[Tombstone]", bool]:
        """Return what the text means, looked up in one index."""
        text = search_term.strip().replace("\0", "")
        if not text:
            return queryset, False
        between = ids_beginning(text)
        return (queryset.filter(pk__range=between) if between else queryset.filter(owner_id=owner_named(text))), False


@admin.register(Delivery)
class DeliveryAdmin(ShortList, ReadOnly, ModelAdmin):
    """Callbacks that release 1.1 wrote, without the addresses' paths: those may hold a secret of the client's."""

    list_display = ["id", "job", "host", "state_label", "attempts", "due_at", "delivered_at"]
    list_filter = ["state", "created_at"]
    search_fields = ["job"]  # that there is a field to type into
    search_help_text = "A job's id or its beginning"
    list_select_related = ["job"]
    ordering = ["-created_at"]
    fields = readonly_fields = ["id", "job", "host", "state", "attempts", "log", "created_at", "due_at", "delivered_at"]
    actions = ["send_again"]

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Delivery]", search_term: str
    ) -> tuple["QuerySet[Delivery]", bool]:
        """Return what the text means, looked up in one index."""
        text = search_term.strip().replace("\0", "")
        if not text:
            return queryset, False
        between = ids_beginning(text)
        return (queryset.filter(job__id__range=between) if between else queryset.none()), False

    @display(description="State", ordering="state", label={"pending": "info", "delivered": "success", "dead": "danger"})
    def state_label(self, delivery: Delivery) -> str:
        return delivery.state

    @display(description="Host")
    def host(self, delivery: Delivery) -> str:
        return urlsplit(delivery.url).hostname or "–"

    @admin.action(description="Send the selected callbacks again", permissions=["act"])
    def send_again(self, request: HttpRequest, deliveries: "QuerySet[Delivery]") -> None:
        for delivery in deliveries:
            send_again(Delivery.objects.filter(pk=delivery.pk), now=clock.now())
            self.log_change(request, delivery, "To be sent again.")
        self.message_user(request, f"{len(deliveries)} to be sent.", messages.SUCCESS)

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("jobs.change_delivery")
