"""How long a finished job is kept, by classes that a client chooses from."""

from collections.abc import Mapping
from datetime import timedelta

FOREVER = "forever"

# Days from a job's end until it is archived and deleted.
CLASSES: Mapping[str, timedelta | None] = {
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
    "365d": timedelta(days=365),
    FOREVER: None,
}

# A promise without an end is counted as one of this length.
FOREVER_DAYS = 3_650


def days(name: str) -> int:
    """Return for how many days a job of this class is promised to be kept."""
    kept = CLASSES[name]
    return FOREVER_DAYS if kept is None else kept.days
