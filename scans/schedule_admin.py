"""django-celery-beat's pages, drawn like the others; what scans share there stays such that they can keep it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django_celery_beat import admin as beat
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from jobs import clock
from scans.models import Scan
from scans.schedule_text import demand_zone
from scans.timing import FAULTS, demand_time_between, next_fire

admin.site.unregister([PeriodicTask, ClockedSchedule, CrontabSchedule, IntervalSchedule, SolarSchedule])


class IntervalForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own takes no type when it runs
    """Refuse an interval that scans have and could not keep; one that none has is beat's alone."""

    def clean(self) -> dict[str, Any] | None:
        """Return the values if every scan of the row has times by them."""
        cleaned: dict[str, Any] | None = super().clean()
        if cleaned and not self.errors and Scan.objects.filter(interval=self.instance.pk).exists():
            row = IntervalSchedule(every=cleaned["every"], period=cleaned["period"])
            try:
                next_fire(Scan(interval=row), now=clock.now())
                demand_time_between(row)
            except (*FAULTS, ValidationError) as error:
                self.add_error("every", error if isinstance(error, ValidationError) else f"This never fires: {error}")
        return cleaned


class CrontabForm(forms.ModelForm):  # type: ignore[type-arg]
    """Refuse a crontab that scans have and that would never fire, or go by nobody's clock."""

    def clean(self) -> dict[str, Any] | None:
        """Return the values if every scan of the row has times by them."""
        cleaned: dict[str, Any] | None = super().clean()
        if cleaned and not self.errors and Scan.objects.filter(crontab=self.instance.pk).exists():
            try:
                demand_zone(str(cleaned["timezone"]))
            except ValidationError as error:
                self.add_error("timezone", error)
                return cleaned
            try:
                next_fire(Scan(crontab=CrontabSchedule(**cleaned)), now=clock.now())
            except FAULTS as error:
                self.add_error(None, f"This never fires: {error}")
        return cleaned


class TaskSelect(beat.TaskSelectWidget, UnfoldAdminSelectWidget):
    """The tasks that there are."""


class TaskForm(beat.PeriodicTaskForm):
    """beat's own form; the fields that it declares itself would be drawn as Django does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drawn = {"task": UnfoldAdminTextInputWidget(), "regtask": TaskSelect()}
        for name in set(drawn) & set(self.fields):
            self.fields[name].widget = drawn[name]


class TasksInline(beat.PeriodicTaskInline, TabularInline):
    """beat's own tasks of a schedule."""


class Schedules(ModelAdmin):
    """The page of a kind of schedules."""

    inlines = [TasksInline]


class SharedSchedules(Schedules):
    """The page of a kind of schedules that scans have, too."""

    @display(description="Scans that use it")
    def scans(self, row: Any) -> str:
        which = {"interval": row} if isinstance(row, IntervalSchedule) else {"crontab": row}
        return f"{Scan.objects.filter(**which).count():,}" if row.pk else "–"


@admin.register(PeriodicTask)
class TaskAdmin(beat.PeriodicTaskAdmin, ModelAdmin):
    form = TaskForm


@admin.register(IntervalSchedule)
class IntervalAdmin(SharedSchedules):
    form = IntervalForm
    fields = ["every", "period", "scans"]
    readonly_fields = ["scans"]


@admin.register(CrontabSchedule)
class CrontabAdmin(SharedSchedules):
    form = CrontabForm
    list_display = beat.CrontabScheduleAdmin.list_display
    fields = [*beat.CrontabScheduleAdmin.fields, "scans"]
    readonly_fields = ["human_readable", "scans"]


admin.site.register(ClockedSchedule, Schedules)
admin.site.register(SolarSchedule, Schedules)
