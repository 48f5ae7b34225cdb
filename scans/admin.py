"""Scans and their schedules to edit, runs to look at with what their jobs answered."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import display

from accounts.read_only import ReadOnly
from accounts.short_lists import ShortList
from jobs import clock
from jobs.job_pages import asking
from jobs.selectors import find_job
from scans import analyses_field, run_answers
from scans.models import Scan, ScanRun
from scans.scan_form import SCHEDULES, ScanForm
from scans.schedule_admin import IntervalAdmin as IntervalAdmin
from scans.schedule_text import text_of
from scans.services.tick import start
from scans.timing import FAULTS, next_fire

RUN = "admin:scans_scanrun_change"
RUNS_SHOWN = 5
MOST_DIGITS = 18  # of a row's number


@admin.register(Scan)
class ScanAdmin(ModelAdmin):
    form = ScanForm
    list_display = ["name", "owner", "universe", "timeframe", "schedule", "enabled", "next_fire_at", "last_run"]
    list_editable = ["enabled"]
    list_filter = ["enabled", "timeframe"]
    list_select_related = ["owner", "crontab", "interval"]
    search_fields = ["name", "universe"]
    actions = ["run_now"]
    change_form_outer_before_template = "scans/scan_head.html"
    fieldsets = [
        (None, {"fields": ["name", "owner", "universe", "timeframe", "analyses", "benchmark"]}),
        ("When", {"fields": ["when", "enabled", "next_fire_at"]}),
        ("Or a schedule that others share", {"fields": [*SCHEDULES], "classes": ["collapse"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the form's parts; who only reads has no line to write a schedule in."""
        if self.has_add_permission(request) or self.has_change_permission(request, obj):
            return self.fieldsets
        return [
            (None, {"fields": ["name", "owner", "universe", "timeframe", "lines", "benchmark", "schedule", "enabled"]})
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what is told and never written."""
        may_write = self.has_add_permission(request) or self.has_change_permission(request, obj)
        return [] if may_write else ["lines", "schedule"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form of who asks: it offers what they may choose."""
        form = super().get_form(request, obj, change, **kwargs)
        return type("ScanForm", (form,), {"user": request.user})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Preset whose a new scan is."""
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Scan]":
        """Return scans with the newest run of each."""
        newest = ScanRun.objects.filter(scan=OuterRef("pk")).order_by("-fire_at")
        scans: QuerySet[Scan] = super().get_queryset(request)
        told = {name: Subquery(newest.values(name)[:1]) for name in ("fire_at", "error")}
        may_open = Value(request.user.has_perm("scans.view_scanrun"))
        facts = {"run_at": told["fire_at"], "run_error": told["error"], "run_opens": may_open}
        return scans.annotate(run_pk=Subquery(newest.values("pk")[:1]), **facts)

    @display(description="Analyses")
    def lines(self, scan: Scan) -> str:
        return analyses_field.lines_of(scan.analyses)

    @display(description="Schedule")
    def schedule(self, scan: Scan) -> str:
        return text_of(scan.crontab or scan.interval)

    @display(description="Last run")
    def last_run(self, scan: Any) -> str:
        if scan.run_pk is None:
            return "–"
        said = "failed" if scan.run_error else f"{scan.run_at:%Y-%m-%d %H:%M}"
        if not scan.run_opens:
            return said
        return format_html('<a class="underline" href="{}">{}</a>', reverse(RUN, args=[scan.run_pk]), said)

    def save_model(self, request: HttpRequest, obj: Scan, form: Any, change: bool) -> None:
        """Save the scan; one that is new, changed or switched on waits for the first time after now."""
        changed = set(form.changed_data)
        if {"when", *SCHEDULES} & changed or ("enabled" in changed and "next_fire_at" not in changed):
            obj.next_fire_at = None
        if obj.next_fire_at is None:
            try:
                obj.next_fire_at = next_fire(obj, now=clock.now())
            except FAULTS as error:  # in the list nobody has asked its schedule, which may have been edited since
                obj.enabled = False
                self.message_user(request, f"{obj.name} stays off, it never fires: {error}", messages.ERROR)
        super().save_model(request, obj, form, change)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return what goes with scans: their runs, which nobody deletes by themselves; the jobs of those stay."""
        gone, counts, needed, kept = super().get_deleted_objects(objs, request)
        return gone, counts, needed - {ScanRun._meta.verbose_name}, kept

    def get_urls(self) -> list[Any]:
        """Return the pages besides Django's own."""
        run = self.admin_site.admin_view(require_POST(self.run))
        return [path("<int:pk>/run/", run, name="scans_scan_run"), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the scan's page, its newest runs on top."""
        extra = {**(kwargs.pop("extra_context", None) or {}), "can_run": self.has_change_permission(request)}
        if object_id.isascii() and object_id.isdecimal() and len(object_id) <= MOST_DIGITS:
            extra["runs"] = run_answers.newest(int(object_id), RUNS_SHOWN)
            extra["scan_pk"] = int(object_id)
        answer: HttpResponse = super().change_view(request, object_id, *args, extra_context=extra, **kwargs)
        return answer

    def run(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Start the scan and lead to its run."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        run = self._start(request, get_object_or_404(Scan.objects.select_related("owner"), pk=pk))
        return HttpResponseRedirect(reverse(RUN, args=[run.pk]))

    @admin.action(description="Run the selected scans now", permissions=["change"])
    def run_now(self, request: HttpRequest, scans: Any) -> None:
        runs = [self._start(request, scan) for scan in scans.select_related("owner")]
        self.message_user(request, f"{len(runs)} started.")

    def _start(self, request: HttpRequest, scan: Scan) -> ScanRun:
        now = clock.now()
        run = start(scan, fire_at=now, now=now, request_id=asking(request))
        self.log_change(request, scan, "Run by hand.")
        return run


@admin.register(ScanRun)
class ScanRunAdmin(ShortList, ReadOnly, ModelAdmin):
    list_display = ["scan", "fire_at", "answer", "job", "error"]
    list_filter = ["scan"]
    list_select_related = ["scan"]
    ordering = ["-pk"]
    fields = ["scan", "fire_at", "started_at", "job", "error"]
    readonly_fields = ["job"]
    change_form_outer_before_template = "scans/run_head.html"

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ScanRun]":
        """Return runs, each with whether who asks may open its job."""
        runs: QuerySet[ScanRun] = super().get_queryset(request)
        return runs.annotate(job_opens=Value(request.user.has_perm("jobs.view_job")))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the run with how far its job is."""
        run = super().get_object(request, object_id, from_field)
        return None if run is None else run_answers.told([run])[0]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Return a list that knows how far the jobs of the runs shown are."""
        return run_answers.with_answers(super().get_changelist(request, **kwargs))

    @display(description="Answer")
    def answer(self, run: Any) -> str:
        return run_answers.in_short(run.snapshot)

    @display(description="Job")
    def job(self, run: Any) -> str:
        if run.job_id is None:
            return "–"
        if run.snapshot is None or not run.job_opens:  # it may be deleted by now
            return str(run.job_id)
        link = reverse("admin:jobs_job_change", args=[run.job_id])
        return format_html('<a class="underline" href="{}">{}</a>', link, run.job_id)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the run's page, what its job answered on top."""
        extra = kwargs.pop("extra_context", None) or {}
        run = self.get_object(request, object_id)
        if run is not None and run.job_id is not None and request.user.has_perm("jobs.view_job"):
            viewer: Any = request.user
            extra |= run_answers.of_run(run, lambda: find_job(owner=viewer, job_id=run.job_id), request.GET)
        answer: HttpResponse = super().change_view(request, object_id, *args, extra_context=extra, **kwargs)
        return answer
