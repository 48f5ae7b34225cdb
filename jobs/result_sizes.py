"""What a job's results will come to: told before it is stored, so that none is computed that nobody could read."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.conf import settings

from analysis import Plan
from analysis.errors import Fault
from analysis.timeframe import LENGTH_NS
from jobs.requests import JobRequest

NS = 1_000_000_000
SHORTEST_MONTH_NS = 28 * LENGTH_NS["1d"]


class Sized(Protocol):
    """A symbol whose bars are counted."""

    @property
    def symbol(self) -> str:
        """Return its name."""

    @property
    def bar_count(self) -> int:
        """Return how many bars are stored of it, or came with the request."""


def bars_out(request: JobRequest, bar_count: int, timeframe: str, now: datetime) -> int:
    """Return how many of a symbol's bars come back at most; of a range as many as fit into it without a gap."""
    most = bar_count
    if request.start is not None:
        length = LENGTH_NS.get(timeframe, SHORTEST_MONTH_NS) / NS
        span = ((request.end or now) - request.start).total_seconds()
        # The range may begin inside of a bar, and a stored series may end after now.
        most = min(most, max(0, math.ceil(span / length)) + 1)
    if request.last is not None:
        most = min(most, request.last)
    if request.output != "all":
        most = min(most, 1 if request.output == "last" else request.output)
    return most


def sizes(
    plan: Plan, request: JobRequest, items: Sequence[Sized], timeframe: str, now: datetime
) -> tuple[list[int], list[Fault]]:
    """Return how many bytes each symbol's result will have, and what is wrong with that."""
    bars = [bars_out(request, item.bar_count, timeframe, now) for item in items]
    found = [plan.result_size.of(count) for count in bars]
    largest = max(zip(found, bars, range(len(items)), strict=True), default=None)
    faults = []
    if largest is not None and largest[0] > settings.RESULT_MAX_BYTES:
        size, count, place = largest
        faults.append(Fault("/output", "result_too_large", _of_symbol(plan, items[place].symbol, count, size)))
    if sum(found) > settings.JOB_RESULT_MAX_BYTES:
        faults.append(Fault("/output", "results_too_large", _of_job(sum(found), len(items), sum(bars))))
    return found, faults


def megabytes(size: float) -> str:
    """Return a size as people read it."""
    return f"{size / 1e6:,.1f} MB"


def counted(count: int, noun: str) -> str:
    """Return a count with what is counted."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _of_symbol(plan: Plan, symbol: str, bars: int, size: int) -> str:
    expected, most = plan.result_size, settings.RESULT_MAX_BYTES
    events = counted(round(expected.events_per_bar * bars), "event")
    fits = max(0, math.floor((most - expected.fixed_bytes) / expected.bar_bytes))
    return (
        f"The result of {symbol} would have about {megabytes(size)}: {counted(bars, 'bar')} of "
        f"{counted(expected.column_count, 'column')} and up to {events}. A symbol's result has at most "
        f"{megabytes(most)}, which is {counted(fits, 'bar')} of these analyses: ask for fewer bars (output, last, "
        "start), or for fewer analyses in each of several jobs."
    )


def _of_job(size: int, symbols: int, bars: int) -> str:
    return (
        f"The results would have about {megabytes(size)}: {counted(symbols, 'symbol')} and {counted(bars, 'bar')} in "
        f"all. A job's have at most {megabytes(settings.JOB_RESULT_MAX_BYTES)}: ask for fewer bars (output, last, "
        "start), symbols or analyses in each of several jobs."
    )
