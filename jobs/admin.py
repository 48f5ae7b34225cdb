"""Jobs, chunks and transitions to look at, and the two things staff may do: cancel and retry, by the services."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from accounts.read_only import ReadOnly
from jobs import clock
from jobs.errors import JobError
from jobs.models import Chunk, Delivery, Job, StorageUse, Tombstone, Transition
from jobs.queries.storage import sums_by_owner
from jobs.result_charts import result_chart
from jobs.services.cancel import cancel
from jobs.services.retry import retry
from jobs.states import TERMINAL
from jobs.storage_use import GIGABYTE, limit
from notifications.services.replay import send_again

CHART = "admin:jobs_job_chart"

STATE_COLOURS = {
    "accepted": "info",
    "queued": "info",
    "running": "info",
    "cancelling": "warning",
    "succeeded": "success",
    "partial": "warning",
    "failed": "danger",
    "cancelled": "warning",
}


class TransitionInline(ReadOnly, TabularInline):
    model = Transition
    fields = ["at", "chunk", "from_state", "to_state", "attempt", "actor", "reason"]
    ordering = ["id"]
    extra = 0
    per_page = 50


class ChunkInline(ReadOnly, TabularInline):
    model = Chunk
    fields = [
        "position",
        "state",
        "queue",
        "attempt",
        "item_count",
        "ok_count",
        "worker",
        "error_code",
        "finished_at",
    ]
    ordering = ["position"]
    extra = 0
    per_page = 50
    show_change_link = True


@admin.register(Job)
class JobAdmin(ReadOnly, ModelAdmin):
    list_display = [
        "id",
        "owner",
        "state_label",
        "queue",
        "progress",
        "timeframe",
        "reused",
        "created_at",
        "seconds",
    ]
    list_filter = ["state", "queue", "reused", "created_at"]
    search_fields = ["id__exact", "owner__username__exact", "request_id__exact", "tag_rows__tag__exact"]
    list_select_related = ["owner"]
    show_full_result_count = False
    date_hierarchy = None
    ordering = ["-id"]
    exclude = ["plan", "bars_blob"]
    readonly_fields = ["chart"]
    actions = ["cancel_jobs", "retry_jobs"]
    inlines = [ChunkInline, TransitionInline]

    @display(description="State", ordering="state", label=STATE_COLOURS)
    def state_label(self, job: Job) -> str:
        return job.state

    @display(description="Symbols")
    def progress(self, job: Job) -> str:
        return f"{job.ok_count} of {job.symbol_count}" + (f", {job.failed_count} failed" if job.failed_count else "")

    @display(description="Seconds")
    def seconds(self, job: Job) -> str:
        return f"{(job.finished_at - job.created_at).total_seconds():.2f}" if job.finished_at else "–"

    @display(description="Chart")
    def chart(self, job: Job) -> str:
        if job.state not in TERMINAL or not job.ok_count:
            return "–"
        return format_html('<img src="{}" alt="The job\'s first symbol" width="960">', reverse(CHART, args=[job.pk]))

    def get_urls(self) -> list[Any]:
        shown = self.admin_site.admin_view(self.draw)
        return [path("<uuid:job_id>/chart.svg", shown, name="jobs_job_chart"), *super().get_urls()]

    def draw(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Answer the picture of the job's first symbol; the reason as text where there is none."""
        job = get_object_or_404(Job, pk=job_id)
        if not self.has_view_permission(request, job):
            raise PermissionDenied
        try:
            return HttpResponse(result_chart(job), content_type="image/svg+xml; charset=utf-8")
        except JobError as error:
            return HttpResponse(error.detail, status=409, content_type="text/plain; charset=utf-8")

    @admin.action(description="Cancel the selected jobs", permissions=["act"])
    def cancel_jobs(self, request: HttpRequest, jobs: "QuerySet[Job]") -> None:
        self._each(request, jobs, "cancelled", lambda job: cancel(job=job, actor=_actor(request), now=clock.now()))

    @admin.action(description="Retry what failed in the selected jobs", permissions=["act"])
    def retry_jobs(self, request: HttpRequest, jobs: "QuerySet[Job]") -> None:
        self._each(request, jobs, "submitted again", lambda job: retry(job=job, owner=job.owner, now=clock.now()))

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("jobs.change_job")

    def _each(self, request: HttpRequest, jobs: "QuerySet[Job]", done: str, act: Any) -> None:
        count = 0
        for job in jobs:
            try:
                act(job)
                self.log_change(request, job, f"{done.capitalize()}.")
                count += 1
            except JobError as error:
                self.message_user(request, f"{job}: {error.detail}", messages.WARNING)
        self.message_user(request, f"{count} {done}.", messages.SUCCESS if count else messages.INFO)


@admin.register(Chunk)
class ChunkAdmin(ReadOnly, ModelAdmin):
    list_display = [
        "id",
        "job",
        "position",
        "state_label",
        "queue",
        "attempt",
        "worker",
        "error_code",
        "finished_at",
    ]
    list_filter = ["state", "queue", "error_code"]
    search_fields = ["job__id__exact", "worker"]
    show_full_result_count = False
    ordering = ["-id"]
    exclude = ["blob"]

    @display(description="State", ordering="state", label=STATE_COLOURS)
    def state_label(self, chunk: Chunk) -> str:
        return chunk.state


@admin.register(Transition)
class TransitionAdmin(ReadOnly, ModelAdmin):
    list_display = ["at", "job", "chunk", "from_state", "to_state", "attempt", "actor", "reason"]
    list_filter = ["to_state", "from_state", "at"]
    search_fields = ["job__id__exact", "actor"]
    show_full_result_count = False
    ordering = ["-id"]


def _actor(request: HttpRequest) -> str:
    return f"staff:{request.user.get_username()}"


@admin.register(StorageUse)
class StorageUseAdmin(ReadOnly, ModelAdmin):
    """What the jobs of each owner take: a line for an owner, with the sums of the parts that are kept."""

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
class TombstoneAdmin(ReadOnly, ModelAdmin):
    list_display = ["id", "owner", "archive", "deleted_at"]
    list_select_related = ["owner"]
    search_fields = ["id__exact", "owner__username__exact"]
    ordering = ["-deleted_at"]
    show_full_result_count = False


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, ModelAdmin):
    """Callbacks that release 1.1 wrote, without the addresses' paths: those may hold a secret of the client's."""

    list_display = ["id", "job", "host", "state_label", "attempts", "due_at", "delivered_at"]
    list_filter = ["state", "created_at"]
    search_fields = ["job__id__exact", "job__owner__username__exact"]
    list_select_related = ["job"]
    show_full_result_count = False
    ordering = ["-created_at"]
    fields = readonly_fields = ["id", "job", "host", "state", "attempts", "log", "created_at", "due_at", "delivered_at"]
    actions = ["send_again"]

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
