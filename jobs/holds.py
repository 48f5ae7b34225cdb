"""Whether a queue is paused, and whether the whole system only reads.

Who is about to write asks at that moment. What only shows it, and requests that would write, go by what was read at
most ADMISSION_SECONDS ago.
"""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from jobs.errors import ReadOnly
from jobs.hold_rows import READ_ONLY
from jobs.queries import holds

_reading: tuple[float, Mapping[str, "Held"]] | None = None


class Held(NamedTuple):
    """Since when something is held, who did it, and why."""

    since: datetime
    by: str
    reason: str


def is_held(queue: str) -> bool:
    """Tell whether nothing of this queue may begin at this moment."""
    return holds.any_held((queue, READ_ONLY))


def is_read_only() -> bool:
    """Tell whether nothing may be written at this moment."""
    return holds.any_held((READ_ONLY,))


def known() -> Mapping[str, Held]:
    """Return by name what is held, as it was read a moment ago."""
    global _reading
    moment = time.monotonic()
    if _reading is None or moment - _reading[0] >= settings.ADMISSION_SECONDS:
        _reading = moment, {row.name: Held(row.since, row.by, row.reason) for row in holds.holds()}
    return _reading[1]


def forget() -> None:
    """Forget what was read, so that it is read again."""
    global _reading
    _reading = None


def demand_writing() -> None:
    """Raise ReadOnly if everything that writes is held."""
    held = known().get(READ_ONLY)
    if held is not None:
        why = f" ({held.reason})" if held.reason else ""
        raise ReadOnly(
            f"The system only reads since {held.since:%Y-%m-%dT%H:%M:%SZ}{why}. Send the request again later."
        )
