"""The admin's list and page of jobs: what each asks for, how far it is, why it failed, and what may be done to it."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.utils import display_for_label

from accounts.audit import staff_actor
from accounts.read_only import ReadOnly
from accounts.short_lists import ShortList
from jobs import clock, job_search, job_texts
from jobs.errors import JobError
from jobs.job_pages import CHART, JobPages, asking, linked
from jobs.kinds import Kind
from jobs.list_filters import StateFilter
from jobs.models import Chunk, Job, Transition
from jobs.result_table import PER_PAGE, said
from jobs.services.cancel import cancel
from jobs.services.retry import retry
from jobs.states import TERMINAL
from jobs.training_page import progress_text

LIST = "admin:jobs_job_changelist"
MOST_LINKED = 20

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


@cache
def labelled(state: str) -> SafeString:
    """Return a state in its colour; rendered once, for of a hundred rows it took a seventh of the time."""
    label: SafeString = display_for_label(state, "–", STATE_COLOURS)
    return label


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
class JobAdmin(JobPages, ShortList, ReadOnly, ModelAdmin):
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
    ]
    list_filter = [StateFilter]
    search_fields = ["id"]  # that there is a field to type into; job_search says what is looked up
    search_help_text = job_search.HELP
    list_select_related = ["owner"]
    list_per_page = PER_PAGE
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
        return format_html('<span title="{}" style="white-space: nowrap">{}…</span>', job.pk, str(job.pk)[:13])

    @display(description="State")
    def state_label(self, job: Job) -> SafeString:
        return labelled(job.state)

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
        more = f", {job.failed_count:,} failed" if job.failed_count else ""
        more += ", stored" if job.reused else ""
        # Its series come to a model together: until then none of them is done.
        if (stage := progress_text(job)) is not None:
            return format_html("{}", stage)
        return format_html(
            '<progress max="{}" value="{}" style="width: 5rem"></progress><br>{} of {}{}',
            *(job.symbol_count, job.ok_count, f"{job.ok_count:,}", f"{job.symbol_count:,}", more),
        )

    @display(description="Submitted")
    def created(self, job: Job) -> SafeString:
        return in_two_lines(job.created_at)

    @display(description="Took")
    def took(self, job: Job) -> SafeString:
        return _unbroken(job_texts.duration(job, clock.now()))

    @display(description="Chart")
    def chart(self, job: Job) -> str:
        if job.state not in TERMINAL or not job.ok_count or job.kind == Kind.TRAINING:
            return "–"
        return format_html(
            '<img src="{}" alt="The job\'s first symbol" style="width: 960px; max-width: 100%">',
            reverse(CHART, args=[job.pk]),
        )

    @admin.action(description="Cancel the selected jobs", permissions=["act"])
    def cancel_jobs(self, request: HttpRequest, jobs: "QuerySet[Job]") -> None:
        done = self._each(
            request, jobs, lambda job: cancel(job=job, actor=staff_actor(request.user), now=clock.now()), "Cancelled."
        )
        self.message_user(request, f"{len(done)} cancelled.", messages.SUCCESS if done else messages.INFO)

    @admin.action(description="Retry what failed in the selected jobs", permissions=["act"])
    def retry_jobs(self, request: HttpRequest, jobs: "QuerySet[Job]") -> None:
        now, origin = clock.now(), asking(request)

        def again(job: Job) -> Job:
            return retry(job=job, owner=job.owner, now=now, request_id=origin)

        new = self._each(request, jobs, again, "Submitted again.")
        if new:
            text = format_html("{} submitted again: {}.", len(new), linked(*new[:MOST_LINKED]))
            self.message_user(request, text, messages.SUCCESS)

    def _each(self, request: HttpRequest, jobs: "QuerySet[Job]", act: Callable[[Job], Job], said_of: str) -> list[Job]:
        became = []
        for job in jobs:
            try:
                became.append(act(job))
                self.log_change(request, job, said_of)
            except JobError as error:
                self.message_user(request, f"{job}: {said(error)}", messages.WARNING)
        return became


def in_two_lines(at: datetime) -> SafeString:
    """Return a time that is broken, if at all, between its day and its second."""
    day, _, second = job_texts.moment(at).partition(" ")
    return format_html("{} {}", _unbroken(day), _unbroken(second))


def _unbroken(text: str) -> SafeString:
    return format_html('<span style="white-space: nowrap">{}</span>', text)
