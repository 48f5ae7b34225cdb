"""The admin's page of holds: to add one pauses a queue or lets the system only read, to delete it ends that."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from accounts.audit import staff_actor
from jobs import clock, job_texts, selectors
from jobs.models import Hold
from jobs.services.hold import hold, release


@admin.register(Hold)
class HoldAdmin(ModelAdmin):
    change_list_template = "accounts/short_list.html"
    list_display = ["name", "when", "by", "reason", "waiting"]
    list_display_links = None
    fields = ["name", "reason"]
    ordering = ["name"]

    @display(description="Since")
    def when(self, row: Hold) -> str:
        return job_texts.moment(row.since)

    @display(description="Waiting")
    def waiting(self, row: Hold) -> str:
        figure = selectors.queue_figures(now=clock.now()).get(row.name)
        if figure is None:
            return "–"
        age = "" if figure.oldest_age_seconds is None else f", the oldest for {figure.oldest_age_seconds:,.0f} s"
        return f"{figure.depth:,} chunks{age}"

    def has_change_permission(self, request: HttpRequest, obj: Hold | None = None) -> bool:
        """Refuse: who wants another reason ends the hold and begins one."""
        return False

    def save_model(self, request: HttpRequest, obj: Hold, form: Any, change: bool) -> None:
        now = clock.now()
        obj.since = now
        hold(obj.name, by=staff_actor(request.user), reason=obj.reason, now=now)

    def delete_model(self, request: HttpRequest, obj: Hold) -> None:
        release(obj.name, by=staff_actor(request.user), now=clock.now())

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Hold]") -> None:
        for row in queryset:
            self.delete_model(request, row)
