"""What a job takes of its owner's storage: bytes, times the days that it is promised to be kept.

A job that is over counts until it is deleted, by its owner or by retention, whether or not an archive of it stays. A
stored result that several jobs share counts for each, for each keeps it from being deleted. The sums change in the
transactions that end and delete jobs, so they are exact; jobs that ended before there were any are not in them.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings

from jobs import retention
from jobs.models import Blob, Job
from jobs.queries import reads, storage

# For its row and its chunks', transitions and callbacks; and for each symbol.
ROWS_BYTES, SYMBOL_BYTES = 4_096, 200
BAR_BYTES = 48
# As many may end jobs of one owner at once without waiting for each other's commits.
PARTS = 8
GIGABYTE = 10**9


def expected(symbol_count: int, result_bytes: int, inline_bar_count: int) -> int:
    """Return the bytes that a job will take at most, which has yet to run: results are stored compressed."""
    return _rows(symbol_count) + result_bytes + BAR_BYTES * inline_bar_count


def measured(job: Job, result_bytes: int | None = None) -> int:
    """Return the bytes that a job takes with the results that it has now; they are looked for if not given."""
    results = storage.size_of_results(job.pk) if result_bytes is None else result_bytes
    return _rows(job.symbol_count) + results + _bars(job)


def shared(reusable: Job) -> int:
    """Return the bytes that a job takes which is answered from this one's results."""
    return reusable.stored_bytes or _rows(reusable.symbol_count)


def byte_days(size: int, retention_class: str) -> int:
    """Return what these bytes are counted as."""
    return size * retention.days(retention_class)


def take(jobs: Iterable[Job]) -> None:
    """Count jobs that are over from now on; the caller holds the transaction, and locks nothing of others after."""
    _add(jobs, 1)


def give_back(jobs: Iterable[Job]) -> None:
    """Count jobs no more that are deleted; as take()."""
    _add(jobs, -1)


def of_owner(owner_id: int) -> "OwnersStorage":
    """Return what an owner's jobs take, and will take when those that are not over are."""
    used = storage.use_of(owner_id)
    expected = storage.expected_of_open(owner_id)
    promised = sum(byte_days(size, name) for name, size in expected.items())
    return OwnersStorage(used.stored_bytes, used.byte_days, promised, limit())


def fullest(count: int) -> dict[int, float]:
    """Return by owner which share of what they may take the finished jobs of the fullest take; none without a limit."""
    most = limit()
    if most is None:
        return {}
    return {owner_id: size / most for owner_id, size in storage.largest_byte_days(count) if size > 0}


class OwnersStorage(NamedTuple):
    """Bytes of finished jobs; byte days of them and, expected, of the others; and the limit of both, None for none."""

    stored_bytes: int
    byte_days: int
    expected_byte_days: int
    limit_byte_days: int | None


def limit() -> int | None:
    """Return how many byte days the jobs of one owner may take; None: any number."""
    return round(settings.STORAGE_GB_DAYS_PER_OWNER * GIGABYTE) or None


def _add(jobs: Iterable[Job], sign: int) -> None:
    sums: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for job in jobs:
        if job.stored_bytes:
            size, promised = sums[job.owner_id]
            sums[job.owner_id] = size + job.stored_bytes, promised + byte_days(job.stored_bytes, job.retention)
    # In one order, in which two never wait for each other.
    for owner_id, (size, promised) in sorted(sums.items()):
        storage.add_use(owner_id, secrets.randbelow(PARTS), sign * size, sign * promised)


def _rows(symbol_count: int) -> int:
    return ROWS_BYTES + SYMBOL_BYTES * symbol_count


def _bars(job: Job) -> int:
    if job.bars_blob_id is None:
        return 0
    known: Blob | None = job._state.fields_cache.get("bars_blob")
    return reads.blob_size(job.bars_blob_id) if known is None else known.size
