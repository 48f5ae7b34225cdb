"""When a scan fires next, from the schedule rows of django-celery-beat."""

from datetime import datetime, timedelta

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
