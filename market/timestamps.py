"""Times as clients write them: seconds or milliseconds since 1970, or ISO 8601 with a zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Times
from market.time_conversion import to_ns

# Values from here on are milliseconds: 1e10 seconds lie in the year 2286, 1e10 milliseconds in April 1970.
FIRST_MILLISECONDS = 10_000_000_000
# The years 1678 to 2261: a little inside what int64 nanoseconds hold.
EARLIEST_NS, LATEST_NS = -9_200_000_000_000_000_000, 9_200_000_000_000_000_000


def nanoseconds_per_unit(largest: float) -> int:
    """Return the factor to nanoseconds for a whole column, by its largest magnitude."""
    return 1_000_000 if largest >= FIRST_MILLISECONDS else 1_000_000_000


def times_of_integers(values: Sequence[int] | NDArray[Any]) -> Times | None:
    """Return the nanoseconds of a whole column of int, or None if any of them is out of range."""
    try:
        numbers = np.array(values, dtype=np.int64)
    except OverflowError:
        return None
    lowest, highest = int(numbers.min()), int(numbers.max())
    factor = nanoseconds_per_unit(max(-lowest, highest))
    if lowest * factor < EARLIEST_NS or highest * factor > LATEST_NS:
        return None
    return numbers * factor


def times_of_texts(values: Sequence[str]) -> Times | None:
    """Return the nanoseconds of a whole column of ISO 8601 texts, or None if any is no time with a zone."""
    try:
        return np.array([to_ns(datetime.fromisoformat(value)) for value in values], dtype=np.int64)
    except (ValueError, OverflowError):
        return None


def time_or_fault(value: object, factor: int) -> int | tuple[str, str]:
    """Return the nanoseconds of one value, or the (code, detail) of what is wrong with it."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return "wrong_type", "a time is a number of seconds or milliseconds, or ISO 8601 text with a zone"
    if isinstance(value, str):
        return _text_or_fault(value)
    if value != value or value in (float("inf"), float("-inf")):
        return "not_finite", "not a finite number"
    if abs(value) > LATEST_NS:
        return "time_out_of_range", "times lie in the years 1678 to 2261"
    # Fractions of a second count to the millisecond.
    moment = value * factor if isinstance(value, int) else round(value * factor / 1_000_000) * 1_000_000
    if not EARLIEST_NS <= moment <= LATEST_NS:
        return "time_out_of_range", "times lie in the years 1678 to 2261"
    return moment


def _text_or_fault(value: str) -> int | tuple[str, str]:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return "not_a_time", "not ISO 8601, such as 2024-01-31T00:00:00Z"
    if moment.tzinfo is None:
        return "naive_time", "the zone is missing: write it, such as 2024-01-31T00:00:00Z"
    try:
        nanoseconds = to_ns(moment)
    except OverflowError:
        nanoseconds = LATEST_NS + 1
    if not EARLIEST_NS <= nanoseconds <= LATEST_NS:
        return "time_out_of_range", "times lie in the years 1678 to 2261"
    return nanoseconds
