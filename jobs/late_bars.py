"""What an answer says of a series that had ended when its job began: a result is stored for good and used again, so
it has the series' usual step, and each job that reads it is told by its own time.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from jobs.models import Job
from market.staleness import is_stale

# Of the facts about a result's bars.
USUAL_STEP = "usual_step_seconds"


def note_of(bars: Mapping[str, Any], job: Job) -> dict[str, str] | None:
    """Return the note on a result's quality if its newest bar was stale for this job; `bars` are the result's facts.

    Nothing is said of inline bars, of those asked for up to an end, and of results of releases that kept no step.
    """
    step = bars.get(USUAL_STEP)
    if step is None:
        return None
    newest, began = datetime.fromtimestamp(bars["last"] / 1_000, UTC), job.started_at or job.created_at
    if not is_stale(newest, step, began):
        return None
    detail = f"The series had ended: its newest bar is of {newest:%Y-%m-%dT%H:%M:%SZ}, its usual step {_said(step)}."
    return {"code": "stale", "detail": detail}


def _said(seconds: int) -> str:
    """Return a duration in the largest unit of which it has one and a half."""
    units = ((86_400, "days"), (3_600, "hours"), (60, "minutes"))
    return next((f"{seconds / unit:.3g} {name}" for unit, name in units if seconds >= 1.5 * unit), f"{seconds} seconds")
