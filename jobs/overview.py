"""Reads for who runs the system: what has become of the last hour's jobs, why some fail, and what takes longest."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from uuid import UUID

from jobs import job_texts
from jobs.queries import overview
from jobs.states import State

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Enough to tell what goes wrong and what is slow; a day may have more of either than a page should read.
MOST_FAILED_JOBS = 200
MOST_CHUNKS = 1_000
MOST_PACES = 300
SHOWN = 8
# As many bits of a moment in milliseconds are behind the digits that overview.born_by_minute goes by.
MINUTE_BITS = 16


@dataclass(frozen=True, slots=True)
class Minute:
    """Jobs submitted within about a minute (65.536 s), by what each is now."""

    begins_at: datetime
    counts: Mapping[State, int]


@dataclass(frozen=True, slots=True)
class FailureCode:
    """A reason for which symbols have no result: how many symbols, of how many jobs, and the newest of these."""

    code: str
    symbols: int
    jobs: int
    newest: UUID


@dataclass(frozen=True, slots=True)
class Pace:
    """How long jobs of the same analyses took from their first chunk's begin to their end."""

    analyses: str
    jobs: int
    median_seconds: float
    longest_seconds: float
    symbols_per_second: float


def last_hour(*, now: datetime) -> list[Minute]:
    """Return the minutes of the last hour, the oldest first, those without a job too."""
    counts: dict[int, dict[State, int]] = defaultdict(dict)
    for state, digits, n in overview.born_by_minute(now - HOUR):
        counts[int(digits, 16)][State(state)] = n
    newest = max([_minute(now), *counts])
    return [Minute(_begins_at(one), counts.get(one, {})) for one in range(_minute(now - HOUR), newest + 1)]


def failure_codes(*, now: datetime) -> list[FailureCode]:
    """Return why symbols of the last day's newest jobs have no result, the most frequent first."""
    newest = [*_lately(State.FAILED, now), *_lately(State.PARTIAL, now)]
    symbols: Counter[str] = Counter()
    jobs: dict[str, set[UUID]] = defaultdict(set)
    for chunk in overview.lacking_in([pk for pk, _ in newest], MOST_CHUNKS):
        codes = Counter(str(one["code"]) for one in chunk["failures"])
        if chunk["state"] == State.FAILED and not codes:
            codes[chunk["error_code"]] = chunk["item_count"]
        symbols.update(codes)
        for code in codes:
            jobs[code].add(chunk["job_id"])
    # Time-ordered ids: the largest is the newest.
    return [FailureCode(code, n, len(jobs[code]), max(jobs[code])) for code, n in symbols.most_common(SHOWN)]


def slowest_plans(*, now: datetime) -> list[Pace]:
    """Return which analyses took longest among the last day's newest jobs that were computed."""
    seconds: dict[str, list[float]] = defaultdict(list)
    symbols: Counter[str] = Counter()
    for analyses, symbol_count, reused, begin, end in overview.paces(now - DAY, MOST_PACES):
        if not reused and begin is not None and end is not None:
            text = job_texts.listed(analyses or ())
            seconds[text].append(max(0.0, (end - begin).total_seconds()))
            symbols[text] += symbol_count
    found = [
        Pace(text, len(took), median(took), max(took), symbols[text] / max(sum(took), 0.001))
        for text, took in seconds.items()
    ]
    return sorted(found, key=lambda pace: -pace.median_seconds)[:SHOWN]


def running_by_worker(*, now: datetime) -> dict[str, tuple[int, float]]:
    """Return by worker how many chunks it runs, and for how many seconds the oldest of them."""
    found = overview.running_by_worker().items()
    return {worker: (n, 0.0 if since is None else (now - since).total_seconds()) for worker, (n, since) in found}


def _lately(state: State, now: datetime) -> list[tuple[UUID, str]]:
    return overview.newest_in(state, now - DAY, MOST_FAILED_JOBS)


def _minute(at: datetime) -> int:
    return int(at.timestamp() * 1_000) >> MINUTE_BITS


def _begins_at(minute: int) -> datetime:
    return datetime.fromtimestamp((minute << MINUTE_BITS) / 1_000, UTC)
