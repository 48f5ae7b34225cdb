"""The admin's list and page of jobs: what each asks for, how far it is, why it failed, and what may be done to it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from accounts.read_only import ReadOnly
from jobs import clock, job_search, job_texts
from jobs.errors import JobError
from jobs.job_search import ShortPaginator
from jobs.models import Chunk, Job, Transition
from jobs.result_charts import result_chart
from jobs.results import read_result
from jobs.services.cancel import cancel
from jobs.services.clone import clone
from jobs.services.retry import retry
from jobs.states import TERMINAL

CHART = "admin:jobs_job_chart"
CHANGE = "admin:jobs_job_change"
LIST = "admin:jobs_job_changelist"
PER_PAGE = 100
CHARTS_LINKED = 20

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
    verbose_name_plural = "Timeline"
    fields = ["when", "chunk", "from_state", "to_state", "attempt", "actor", "reason"]
    readonly_fields = ["when"]
    ordering = ["id"]
    extra = 0
    per_page = 50

    @display(description="At")
    def when(self, row: Transition) -> str:
        return job_texts.moment(row.at)


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
        "short_id",
        "state_label",
        "what",
        "about",
        "tags",
        "progress",
        "owner",
        "created",
        "took",
        "answer",
    ]
    list_filter = ["state"]
    search_fields = ["id"]  # that there is a field to type into; job_search says what is looked up
    search_help_text = job_search.HELP
    list_select_related = ["owner"]
    list_per_page = PER_PAGE
    list_max_show_all = 0
    paginator = ShortPaginator
    show_full_result_count = False
    sortable_by: list[str] = []
    ordering = ["-id"]
    exclude = ["plan", "bars_blob"]
    readonly_fields = ["chart"]
    actions = ["cancel_jobs", "retry_jobs"]
    inlines = [ChunkInline, TransitionInline]
    change_form_outer_before_template = "jobs/job_head.html"

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Job]":
        return super().get_queryset(request).defer("plan")  # type: ignore[no-any-return]

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Job]", search_term: str
    ) -> tuple["QuerySet[Job]", bool]:
        """Return what the text means, looked up in one index."""
        return (job_search.found(queryset, search_term) if search_term.strip() else queryset), False

    @display(description="Id", ordering=None)
    def short_id(self, job: Job) -> str:
        return format_html('<span title="{}">{}…</span>', job.pk, str(job.pk)[:13])

    @display(description="State", label=STATE_COLOURS)
    def state_label(self, job: Job) -> str:
        return job.state

    @display(description="Analyses")
    def what(self, job: Job) -> str:
        return job_texts.analyses(job)

    @display(description="Symbols")
    def about(self, job: Job) -> str:
        return job_texts.about(job)

    @display(description="Tags")
    def tags(self, job: Job) -> str | SafeString:
        links = ((f"{reverse(LIST)}?q=", f"tag:{tag}", tag) for tag in job_texts.tags(job))
        return format_html_join(", ", '<a href="{}{}" class="underline">{}</a>', links) or "–"

    @display(description="Done")
    def progress(self, job: Job) -> SafeString:
        failed = f", {job.failed_count:,} failed" if job.failed_count else ""
        return format_html(
            '<progress max="{}" value="{}" style="width: 5rem"></progress><br>{} of {}{}',
            *(job.symbol_count, job.ok_count, f"{job.ok_count:,}", f"{job.symbol_count:,}", failed),
        )

    @display(description="Submitted")
    def created(self, job: Job) -> str:
        return job_texts.moment(job.created_at)

    @display(description="Took")
    def took(self, job: Job) -> str:
        return job_texts.duration(job, clock.now())

    @display(description="Answer")
    def answer(self, job: Job) -> str:
        return "stored one" if job.reused else "computed" if job.ok_count else "–"

    @display(description="Chart")
    def chart(self, job: Job) -> str:
        if job.state not in TERMINAL or not job.ok_count:
            return "–"
        return format_html(
            '<img src="{}" alt="The job\'s first symbol" style="width: 960px; max-width: 100%">',
            reverse(CHART, args=[job.pk]),
        )

    def get_urls(self) -> list[Any]:
        shown = self.admin_site.admin_view
        return [
            path("<uuid:job_id>/chart.svg", shown(self.draw), name="jobs_job_chart"),
            path("<uuid:job_id>/table/", shown(self.table), name="jobs_job_table"),
            path("<uuid:job_id>/act/<slug:verb>/", shown(require_POST(self.act)), name="jobs_job_act"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Answer the job's page, what one wants to know first on top."""
        job = self.get_object(request, object_id)
        head = {} if job is None else self._head(request, job)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **head})  # type: ignore[no-any-return]

    def _head(self, request: HttpRequest, job: Job) -> dict[str, Any]:
        address = request.build_absolute_uri("/").rstrip("/")
        over = job.state in TERMINAL
        can_act = self.has_act_permission(request)
        return {
            "job": job,
            "what": job_texts.analyses(job),
            "about": job_texts.about(job),
            "created": job_texts.moment(job.created_at),
            "took": job_texts.duration(job, clock.now()),
            "failures": job_texts.failures(job),
            "can_cancel": can_act and not over,
            "can_retry": can_act and over and job.ok_count < job.symbol_count,
            "can_clone": can_act,
            "has_result": over and job.ok_count,
            "charted": [item for item in job.request.get("symbols") or () if over and job.ok_count][:CHARTS_LINKED],
            "curl": job_texts.as_curl(job, address),
            "csv": job_texts.as_csv(job, address),
        }

    def draw(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Answer the picture of a symbol, the job's first if none is named; the reason as text where there is none."""
        job = self._shown(request, job_id)
        try:
            picture = result_chart(job, symbol=request.GET.get("symbol") or None)
        except JobError as error:
            return HttpResponse(_said(error), status=409, content_type="text/plain; charset=utf-8")
        return HttpResponse(picture, content_type="image/svg+xml; charset=utf-8")

    def table(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Answer the last values of every column, a line a symbol, a page at a time."""
        job = self._shown(request, job_id)
        try:
            page = read_result(job, last=1, limit=PER_PAGE, cursor=request.GET.get("cursor") or None)
        except JobError as error:
            self.message_user(request, _said(error), messages.WARNING)
            return HttpResponseRedirect(reverse(CHANGE, args=[job.pk]))
        names = list(dict.fromkeys(name for item in page.items for name in item["columns"]))
        rows = [
            {
                "symbol": item["symbol"],
                "values": [_last(item["columns"].get(name)) for name in names],
                "events": len(item["events"]),
            }
            for item in page.items
        ]
        shown = {"job": job, "names": names, "rows": rows, "failed": page.failed, "next": page.next}
        context = {**self.admin_site.each_context(request), "title": f"Result of {job.pk}", "opts": self.opts, **shown}
        return render(request, "jobs/result_table.html", context)

    def act(self, request: HttpRequest, job_id: UUID, verb: str) -> HttpResponse:
        """Cancel the job, or make a new one of it, and lead there."""
        job = self._shown(request, job_id)
        verbs: dict[str, tuple[str, Callable[[], Job]]] = {
            "cancel": ("Cancelled.", lambda: cancel(job=job, actor=_actor(request), now=clock.now())),
            "retry": ("Submitted again: what failed.", lambda: retry(job=job, owner=job.owner, now=clock.now())),
            "clone": ("Submitted again.", lambda: clone(job=job, owner=job.owner, now=clock.now())),
        }
        if verb not in verbs or not self.has_act_permission(request):
            raise PermissionDenied
        said, run = verbs[verb]
        try:
            became = run()
        except JobError as error:
            self.message_user(request, _said(error), messages.WARNING)
            return HttpResponseRedirect(reverse(CHANGE, args=[job.pk]))
        self.log_change(request, job, said)
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse(CHANGE, args=[became.pk]))

    def _shown(self, request: HttpRequest, job_id: UUID) -> Job:
        job: Job = get_object_or_404(Job, pk=job_id)
        if not self.has_view_permission(request, job):
            raise PermissionDenied
        return job

    @admin.action(description="Cancel the selected jobs", permissions=["act"])
    def cancel_jobs(self, request: HttpRequest, jobs: "QuerySet[Job]") -> None:
        self._each(request, jobs, "cancelled", lambda job: cancel(job=job, actor=_actor(request), now=clock.now()))

    @admin.action(description="Retry what failed in the selected jobs", permissions=["act"])
    def retry_jobs(self, request: HttpRequest, jobs: "QuerySet[Job]") -> None:
        self._each(request, jobs, "submitted again", lambda job: retry(job=job, owner=job.owner, now=clock.now()))

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("jobs.change_job")

    def _each(self, request: HttpRequest, jobs: "QuerySet[Job]", done: str, act: Callable[[Job], Job]) -> None:
        count = 0
        for job in jobs:
            try:
                act(job)
                self.log_change(request, job, f"{done.capitalize()}.")
                count += 1
            except JobError as error:
                self.message_user(request, f"{job}: {_said(error)}", messages.WARNING)
        self.message_user(request, f"{count} {done}.", messages.SUCCESS if count else messages.INFO)


def _actor(request: HttpRequest) -> str:
    return f"staff:{request.user.get_username()}"


def _said(error: JobError) -> str:
    faults = getattr(error, "faults", ())
    return " ".join(fault.detail for fault in faults) or error.detail


def _last(column: Any) -> str:
    value = column[-1] if column is not None and len(column) else None
    return "–" if value is None else f"{value:,.6g}" if isinstance(value, float) else str(value)
