"""When a scan fires next, from the schedule rows of django-celery-beat."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django_celery_beat.models import IntervalSchedule

from scans.models import Scan

# What schedules say that no date can be: of a crontab, and of an interval of nothing or of for ever.
FAULTS = (ValueError, RuntimeError, ZeroDivisionError, OverflowError)


def next_fire(scan: Scan, *, now: datetime) -> datetime:
    """Return the first fire time after now.

    An interval keeps its beat: times are the last fire plus whole intervals, those missed are not made up. A crontab
    is read in its own time zone.
    """
    if scan.interval is not None:
        every: timedelta = scan.interval.schedule.run_every
        start = scan.next_fire_at or now
        missed = max(0, (now - start) // every + 1)
        return start + missed * every
    assert scan.crontab is not None  # noqa: S101 - the database demands one of the two
    base: datetime
    delta: timedelta
    base, delta, _ = scan.crontab.schedule.remaining_delta(now.astimezone(scan.crontab.timezone))
    return base + delta


def demand_time_between(interval: IntervalSchedule) -> None:
    """Raise ValidationError for an interval that is shorter than the time between two ticks, which it cannot keep."""
    least = timedelta(seconds=settings.SCAN_TICK_SECONDS)
    if interval.schedule.run_every < least:
        raise ValidationError(
            f"Due scans are looked for every {least.total_seconds():g} seconds: that is the shortest interval."
        )
