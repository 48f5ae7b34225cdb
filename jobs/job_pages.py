"""The admin's pages of one job: what one wants to know first, its table, its pictures, and its buttons."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from accounts.audit import staff_actor
from jobs import clock, job_texts
from jobs.errors import JobError
from jobs.failures import Failures, failures_of
from jobs.kinds import Kind
from jobs.models import Job
from jobs.queries import console
from jobs.result_charts import result_chart
from jobs.result_table import result_csv, result_table, said
from jobs.services.cancel import cancel
from jobs.services.clone import clone
from jobs.services.retry import retry
from jobs.states import TERMINAL
from jobs.training_page import training_head

CHART = "admin:jobs_job_chart"
CHANGE = "admin:jobs_job_change"
CHARTS_LINKED = 20


class JobPages:
    """Part of JobAdmin: what it answers about one job."""

    # What Django's ModelAdmin has.
    admin_site: Any
    opts: Any
    message_user: Callable[..., None]
    log_change: Callable[..., Any]
    get_object: Callable[..., Any]
    has_view_permission: Callable[..., bool]

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Tell whether this user may cancel jobs and submit them again."""
        return request.user.has_perm("jobs.change_job")

    def get_urls(self) -> list[Any]:
        """Return the pages of a job besides Django's own."""
        shown = self.admin_site.admin_view
        return [
            path("<uuid:job_id>/chart.svg", shown(self.draw), name="jobs_job_chart"),
            path("<uuid:job_id>/table/", shown(self.table), name="jobs_job_table"),
            path("<uuid:job_id>/table.csv", shown(self.table_csv), name="jobs_job_table_csv"),
            path("<uuid:job_id>/act/<slug:verb>/", shown(require_POST(self.act)), name="jobs_job_act"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Answer the job's page, what one wants to know first on top."""
        job = self.get_object(request, object_id)
        head = {} if job is None else self._head(request, job)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **head})  # type: ignore[misc,no-any-return]

    def _head(self, request: HttpRequest, job: Job) -> dict[str, Any]:
        address = request.build_absolute_uri("/").rstrip("/")
        over = job.state in TERMINAL
        can_act = self.has_act_permission(request)
        has_result = over and job.ok_count and job.kind != Kind.TRAINING
        return {
            "job": job,
            "under_way": not over,
            "what": job_texts.analyses(job),
            "about": job_texts.about(job),
            "created": job_texts.moment(job.created_at),
            "took": job_texts.duration(job, clock.now()),
            "training": training_head(job),
            "failures": failures_of(job),
            "retries": console.retries_of(job),
            "can_cancel": can_act and not over,
            "can_retry": can_act and over and job.ok_count < job.symbol_count,
            "can_clone": can_act,
            "has_result": has_result,
            "charted": [item for item in job.request.get("symbols") or () if has_result][:CHARTS_LINKED],
            "curl": job_texts.as_curl(job, address),
            "csv": job_texts.as_csv(job, address),
        }

    def draw(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Answer the picture of a symbol, the job's first if none is named; the reason as text where there is none."""
        job = self._shown(request, job_id)
        try:
            picture = result_chart(job, symbol=request.GET.get("symbol") or None)
        except JobError as error:
            return HttpResponse(said(error), status=409, content_type="text/plain; charset=utf-8")
        return HttpResponse(picture, content_type="image/svg+xml; charset=utf-8")

    def table(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Answer the last values of every column, a line a symbol, a page at a time."""
        job = self._shown(request, job_id)
        try:
            shown = result_table(job, request.GET.get("cursor") or None)
        except JobError as error:
            self.message_user(request, said(error), messages.WARNING)
            return HttpResponseRedirect(reverse(CHANGE, args=[job.pk]))
        told = {"title": f"Result of {job.pk}", "object": job}
        context = {**self.admin_site.each_context(request), **told, **shown}
        return render(request, "jobs/result_table.html", context)

    def table_csv(self, request: HttpRequest, job_id: UUID) -> HttpResponseBase:
        """Answer the whole table as CSV."""
        job = self._shown(request, job_id)
        try:
            lines = result_csv(job)
        except JobError as error:
            return HttpResponse(said(error), status=409, content_type="text/plain; charset=utf-8")
        answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{job.pk}.csv"'
        return answer

    def act(self, request: HttpRequest, job_id: UUID, verb: str) -> HttpResponse:
        """Cancel the job, or make a new one of it, and lead there."""
        job = self._shown(request, job_id)
        owner, now, origin = job.owner, clock.now(), asking(request)
        verbs: dict[str, tuple[str, Callable[[], Job]]] = {
            "cancel": ("Cancelled.", lambda: cancel(job=job, actor=staff_actor(request.user), now=now)),
            "retry": ("Submitted again: what failed.", lambda: retry(job=job, owner=owner, now=now, request_id=origin)),
            "clone": ("Submitted again.", lambda: clone(job=job, owner=owner, now=now, request_id=origin)),
        }
        if verb not in verbs or not self.has_act_permission(request):
            raise PermissionDenied
        done, run = verbs[verb]
        try:
            became = run()
        except JobError as error:
            self.message_user(request, said(error), messages.WARNING)
            return HttpResponseRedirect(reverse(CHANGE, args=[job.pk]))
        self.log_change(request, job, done)
        if became.pk == job.pk:
            self.message_user(request, done, messages.SUCCESS)
        else:
            self.message_user(
                request, format_html("{} This is the new job of {}.", done, linked(job)), messages.SUCCESS
            )
        if verb == "retry":
            self._warn(request, failures_of(job))
        return HttpResponseRedirect(reverse(CHANGE, args=[became.pk]))

    def _warn(self, request: HttpRequest, failures: Failures) -> None:
        """Say what no retry helps."""
        if failures.lasting:
            codes = ", ".join(f"{code} × {count:,}" for code, count in failures.lasting)
            text = f"These fail again until the symbols' data or the request change: {codes}."
            self.message_user(request, text, messages.WARNING)

    def _shown(self, request: HttpRequest, job_id: UUID) -> Job:
        job: Job = get_object_or_404(Job, pk=job_id)
        if not self.has_view_permission(request, job):
            raise PermissionDenied
        return job


def asking(request: HttpRequest) -> str:
    """Return the request's id, which its job keeps."""
    return str(getattr(request, "request_id", ""))


def linked(*jobs: Job) -> SafeString:
    """Return links to jobs."""
    links = ((reverse(CHANGE, args=[job.pk]), job.pk) for job in jobs)
    return format_html_join(", ", '<a class="underline" href="{}">{}</a>', links)
