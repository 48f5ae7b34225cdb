"""Schedules in a line of text: `every 15 minutes`, or a crontab's five fields and a time zone."""

import re
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django_celery_beat.models import CrontabSchedule, IntervalSchedule

from analysis.session_rule import iana_names

HELP = (
    f"<code>every 15 minutes</code> ({settings.SCAN_TICK_SECONDS} seconds or more), or a crontab with its time zone: "
    "<code>30 21 * * 1-5 Europe/London</code> (minute, hour, day of the month, month, day of the week; else UTC)."
)
_INTERVAL = re.compile(r"every\s+(?:([0-9]{1,6})\s+)?(second|minute|hour|day)s?", re.IGNORECASE)
_FIELDS = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")


def schedule_of(text: str) -> CrontabSchedule | IntervalSchedule:
    """Return the row that the text means, a new one to be saved if there is none.

    Raises ValidationError for text that means none.
    """
    found = _INTERVAL.fullmatch(text.strip())
    if found:
        every = {"every": int(found[1] or 1), "period": f"{found[2].lower()}s"}
        return _row(IntervalSchedule, every)
    parts = text.split()
    if len(parts) not in (5, 6):
        raise ValidationError("Write `every 15 minutes` or a crontab of five fields, such as `30 21 * * 1-5`.")
    zone = parts[5] if len(parts) == 6 else "UTC"
    demand_zone(zone)
    return _row(CrontabSchedule, {**dict(zip(_FIELDS, parts[:5], strict=True)), "timezone": ZoneInfo(zone)})


def demand_zone(name: str) -> None:
    """Raise ValidationError for the name of a time zone that is not IANA's."""
    if name not in iana_names():
        raise ValidationError(f"There is no time zone {name}; write it as Europe/London.")


def text_of(schedule: CrontabSchedule | IntervalSchedule | None) -> str:
    """Return the text that means a schedule."""
    if schedule is None:
        return ""
    if isinstance(schedule, IntervalSchedule):
        unit = schedule.period.removesuffix("s")
        return f"every {unit}" if schedule.every == 1 else f"every {schedule.every} {unit}s"
    return " ".join([*(getattr(schedule, name) for name in _FIELDS), str(schedule.timezone)])


def _row(model: type[Any], facts: dict[str, Any]) -> Any:
    row = model.objects.filter(**facts).first() or model(**facts)
    if row.pk is None:
        try:
            row.full_clean()
        except ValidationError as error:
            raise ValidationError([f"{name}: {'; '.join(said)}" for name, said in error.message_dict.items()]) from None
    return row
