"""What the admin's home shows of jobs: each reads an index's end, or no more rows than are told."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, F, Min, Q
from django.db.models.functions import Cast, Left

from jobs.ids import first_id_at
from jobs.models import Chunk, Job
from jobs.queries.named import named
from jobs.states import State

# The first 32 of an id's 48 bits of milliseconds: jobs of the same 65.536 s have them in common.
DIGITS = 8


@named
def born_by_minute(since: datetime) -> list[tuple[str, str, int]]:
    """Return by state and by the first digits of their ids how many jobs were submitted since then."""
    minute = Left(Cast("pk", CharField()), DIGITS)
    born = Job.objects.filter(pk__gte=first_id_at(since)).annotate(minute=minute).order_by()
    # State by state, each from the index that begins with it: no row of the table is read.
    parts = [
        born.filter(state=state).values_list("state", "minute").annotate(n=Count("pk")).order_by() for state in State
    ]
    return list(parts[0].union(*parts[1:], all=True))


@named
def newest_in(state: State, since: datetime, limit: int) -> list[tuple[UUID, str]]:
    """Return the newest jobs in a state that were submitted since then: their ids, and why they ended otherwise."""
    rows = Job.objects.filter(state=state, pk__gte=first_id_at(since)).order_by("-pk")
    return list(rows.values_list("pk", "end_reason")[:limit])


@named
def lacking_in(job_ids: Collection[UUID], limit: int) -> list[dict[str, Any]]:
    """Return of chunks of these jobs in which symbols have no result which code each of them has."""
    lacking = Chunk.objects.filter(~Q(ok_count=F("item_count")), job_id__in=job_ids)
    rows: Any = lacking.values("job_id", "state", "error_code", "item_count", "failures")
    return list(rows[:limit])


@named
def paces(since: datetime, limit: int) -> list[tuple[Any, int, bool, datetime | None, datetime | None]]:
    """Return analyses, symbols, whether reused, begin and end of the newest jobs that succeeded since then."""
    rows = Job.objects.filter(state=State.SUCCEEDED, pk__gte=first_id_at(since)).order_by("-pk")
    return list(rows.values_list("request__analyses", "symbol_count", "reused", "started_at", "finished_at")[:limit])


@named
def running_by_worker() -> dict[str, tuple[int, datetime | None]]:
    """Return by worker how many chunks it runs, and since when the oldest of them."""
    running = Chunk.objects.filter(state=State.RUNNING).values("worker")
    rows = running.annotate(n=Count("id"), since=Min("started_at")).order_by()
    return {row["worker"]: (row["n"], row["since"]) for row in rows}
