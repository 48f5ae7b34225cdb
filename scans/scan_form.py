"""The form of a scan: what is offered can run, and what could not is refused with every fault."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django_celery_beat.models import CrontabSchedule, IntervalSchedule
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from analysis.timeframe import KNOWN
from jobs import clock
from jobs.errors import InvalidRequest
from jobs.services.estimate import estimate
from market.selectors import visible_universes
from scans import analyses_field, schedule_text
from scans.models import ONE_SCHEDULE, Scan
from scans.services.tick import request_of
from scans.timing import FAULTS, demand_time_between, next_fire

WANTED = ("owner", "universe", "timeframe", "analyses")
SCHEDULES = ("crontab", "interval")


class ScanForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own takes no [Scan]
    """Refuse a scan that could not run: its universe, timeframe and analyses are tried, and every fault shown."""

    user: Any = None

    # Chosen from what there is; estimate() says what is wrong with anything else.
    universe = forms.CharField(widget=UnfoldAdminSelectWidget)
    timeframe = forms.CharField(widget=UnfoldAdminSelectWidget)
    analyses = analyses_field.AnalysesField(help_text=analyses_field.HELP)
    when = forms.CharField(
        required=False, label="Schedule", help_text=schedule_text.HELP, widget=UnfoldAdminTextInputWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "owner" not in self.fields:
            return  # as a reader sees it
        scan: Scan = self.instance
        self.initial["when"] = schedule_text.text_of(scan.crontab or scan.interval)
        self.initial.setdefault("timeframe", "1d")
        owner = get_user_model()._default_manager.filter(pk=scan.owner_id).first() or self.user
        shown: Any = self.fields
        shown["name"].help_text = "Letters, digits, hyphens and underscores; no blanks."
        shown["universe"].widget.choices = _universes(owner, scan.universe)
        shown["timeframe"].widget.choices = [(one, one) for one in dict.fromkeys([*KNOWN, scan.timeframe])]
        if self.user is not None and not self.user.is_superuser:
            # A scan may do what its owner may do, and takes of their storage.
            shown["owner"].queryset = shown["owner"].queryset.filter(pk__in={self.user.pk, scan.owner_id})

    def clean(self) -> dict[str, Any] | None:
        """Return the values if a run of the scan would be accepted now."""
        cleaned: dict[str, Any] | None = super().clean()
        if cleaned is not None:
            self._demand_free_name(cleaned)
            self._read_schedule(cleaned)
            if not {"when", *SCHEDULES} & set(self.errors):
                self._demand_a_time(cleaned)
        if cleaned is None or any(cleaned.get(name) in (None, "") for name in WANTED):
            return cleaned
        given = {name: cleaned[name] for name in WANTED}
        scan = Scan(name=cleaned.get("name", ""), benchmark=cleaned.get("benchmark") or "", **given)
        try:
            estimate(owner=scan.owner, request=request_of(scan), now=clock.now(), waited_for=False)
        except InvalidRequest as refused:
            for fault in refused.faults:
                _, _, rest = fault.pointer.partition("/")
                field, _, place = rest.partition("/")
                number = place.split("/")[0]
                is_line = field == "analyses" and number.isascii() and number.isdecimal()
                line = f"Line {int(number) + 1}: " if is_line else ""
                self.add_error(field if field in (*WANTED, "benchmark") else None, f"{line}{fault.detail}")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Leave out the schedule: it has been looked at, and its row may be yet to be made."""
        left_out: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # the stubs lack it
        return left_out | set(SCHEDULES)

    def save(self, commit: bool = True) -> Any:
        """Save the scan, and the row of a schedule that nobody had before."""
        for name in SCHEDULES:
            row = getattr(self.instance, name)
            if row is not None and row.pk is None:
                row.save()
                setattr(self.instance, name, row)  # with its key
        return super().save(commit)

    def _demand_free_name(self, cleaned: dict[str, Any]) -> None:
        """Refuse a name that the owner has given another scan."""
        owner, name = cleaned.get("owner"), cleaned.get("name")
        if owner and name and Scan.objects.filter(owner=owner, name=name).exclude(pk=self.instance.pk).exists():
            self.add_error("name", f"{owner} has a scan of this name already.")

    def _read_schedule(self, cleaned: dict[str, Any]) -> None:
        """Put the row that the text means in the place of those that were chosen; text that stayed says nothing."""
        if not cleaned.get("when") or "when" not in self.changed_data:
            return
        if {*SCHEDULES} & {*self.changed_data}:
            self.add_error("when", "Write the schedule or choose its row, not both.")
            return
        try:
            row = schedule_text.schedule_of(cleaned["when"])
        except ValidationError as error:
            self.add_error("when", error)
            return
        cleaned["interval"] = row if isinstance(row, IntervalSchedule) else None
        cleaned["crontab"] = row if isinstance(row, CrontabSchedule) else None

    def _demand_a_time(self, cleaned: dict[str, Any]) -> None:
        """Refuse a schedule that never fires."""
        schedule = {name: cleaned.get(name) for name in SCHEDULES}
        count = sum(row is not None for row in schedule.values())
        if count != 1:
            self.add_error(*(None, ONE_SCHEDULE) if count else ("when", "Write a schedule."))
            return
        try:
            if schedule["crontab"] is not None:
                schedule_text.demand_zone(str(schedule["crontab"].timezone))
        except ValidationError as error:
            self.add_error("crontab", error)
            return
        name = "interval" if schedule["crontab"] is None else "crontab"
        place = "when" if "when" in self.changed_data and cleaned.get("when") else name
        try:
            next_fire(Scan(**schedule), now=clock.now())
            if schedule["interval"] is not None:
                demand_time_between(schedule["interval"])
        except ValidationError as error:
            self.add_error(place, error)
        except FAULTS as error:
            self.add_error(place, f"This never fires: {error}")


def _universes(owner: Any, stored: str) -> list[tuple[str, str]]:
    """Return what the owner may choose, and what the scan has even if that is gone."""
    rows = visible_universes(owner).order_by("name").values_list("name", "symbol_count")
    found = [(name, f"{name} ({count:,} symbols)") for name, count in rows]
    if stored and stored not in dict(found):
        found.append((stored, f"{stored} (not there)"))
    return [("", "Choose one"), *found]
