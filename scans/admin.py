"""Scans and their schedules to edit, runs to look at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin
from unfold.decorators import display

from jobs import clock
from jobs.errors import InvalidRequest
from jobs.services.estimate import estimate
from scans.models import Scan, ScanRun
from scans.services.tick import request_of, start
from scans.timing import FAULTS, next_fire


class ScanForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own takes no [Scan]
    """Refuse a scan that could not run: its universe, timeframe and analyses are tried, and every fault shown."""

    def clean(self) -> dict[str, Any] | None:
        """Return the values if a run of the scan would be accepted now."""
        cleaned: dict[str, Any] | None = super().clean()
        if cleaned is not None:
            self._demand_a_time(cleaned)
        wanted = ("owner", "universe", "timeframe", "analyses")
        if cleaned is None or any(cleaned.get(name) in (None, "") for name in wanted):
            return cleaned
        if not isinstance(cleaned["analyses"], list):
            self.add_error("analyses", 'This is a list, such as ["rsi", "candlesticks"].')
            return cleaned
        scan = Scan(name=cleaned.get("name", ""), **{name: cleaned[name] for name in wanted})
        try:
            estimate(owner=scan.owner, request=request_of(scan), now=clock.now(), waited_for=False)
        except InvalidRequest as refused:
            for fault in refused.faults:
                field = fault.pointer.split("/")[1] if "/" in fault.pointer else ""
                self.add_error(field if field in wanted else None, fault.detail)
        return cleaned

    def _demand_a_time(self, cleaned: dict[str, Any]) -> None:
        """Refuse a schedule that never fires."""
        schedule = {name: cleaned.get(name) for name in ("crontab", "interval")}
        if sum(row is not None for row in schedule.values()) != 1:
            return  # the model says so
        try:
            next_fire(Scan(**schedule), now=clock.now())
        except FAULTS as error:
            name = "interval" if schedule["crontab"] is None else "crontab"
            self.add_error(name, f"This never fires: {error}")


@admin.register(Scan)
class ScanAdmin(ModelAdmin):
    form = ScanForm
    list_display = ["name", "owner", "universe", "timeframe", "schedule", "enabled", "next_fire_at"]
    list_editable = ["enabled"]
    list_filter = ["enabled", "timeframe"]
    search_fields = ["name", "universe"]
    actions = ["run_now"]

    @display(description="Schedule")
    def schedule(self, scan: Scan) -> str:
        return str(scan.crontab or scan.interval)

    def save_model(self, request: HttpRequest, obj: Scan, form: Any, change: bool) -> None:
        """Save the scan; one that is new, changed or switched on waits for the first time after now."""
        changed = set(form.changed_data)
        if {"crontab", "interval"} & changed or ("enabled" in changed and "next_fire_at" not in changed):
            obj.next_fire_at = None
        if obj.next_fire_at is None:
            obj.next_fire_at = next_fire(obj, now=clock.now())
        super().save_model(request, obj, form, change)

    @admin.action(description="Run the selected scans now", permissions=["change"])
    def run_now(self, request: HttpRequest, scans: Any) -> None:
        now = clock.now()
        runs = []
        for scan in scans.select_related("owner"):
            runs.append(start(scan, fire_at=now, now=now))
            self.log_change(request, scan, "Run by hand.")
        self.message_user(request, f"{len(runs)} started.")


@admin.register(ScanRun)
class ScanRunAdmin(ModelAdmin):
    list_display = ["scan", "fire_at", "started_at", "job", "error"]
    list_filter = ["scan"]
    ordering = ["-fire_at"]

    @display(description="Job")
    def job(self, run: ScanRun) -> str:
        if run.job_id is None:
            return "–"
        return format_html('<a href="{}">{}</a>', reverse("admin:jobs_job_change", args=[run.job_id]), run.job_id)

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any) -> bool:
        return False
