"""Jobs whose time is over, in sets: which they are, what is written of them, and what is deleted with them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from jobs.models import Blob, Chunk, Delivery, Job, JobSymbol, JobTag, Tombstone, Transition
from jobs.queries.counts import count_fewer
from jobs.queries.named import named
from jobs.states import TERMINAL


@named
def expired(
    retention: str, kept: timedelta, now: datetime, limit: int, but: Collection[UUID] = frozenset()
) -> list[Job]:
    """Return jobs of a class of retention that have been over for longer than they are kept, the oldest first.

    Those named in `but` are left out.
    """
    rows = Job.objects.filter(retention=retention, finished_at__lt=now - kept, state__in=TERMINAL)
    return list(rows.exclude(pk__in=but).order_by("finished_at")[:limit])


@named
def first_end(retention: str) -> datetime | None:
    """Return when the job of a class of retention ended that has been over longest."""
    first: datetime | None = Job.objects.filter(retention=retention).aggregate(at=Min("finished_at"))["at"]
    return first


@named
def transitions_of(job_ids: Collection[UUID], fields: Sequence[str]) -> list[dict[str, Any]]:
    """Return these fields of the transitions of some jobs, the oldest first."""
    rows: Any = Transition.objects.filter(job__in=job_ids).order_by("id").values(*fields)
    return list(rows)


@named
def chunks_with_results(job_ids: Collection[UUID]) -> "QuerySet[Chunk]":
    """Return the chunks of some jobs with their blobs, so that who deletes them meanwhile takes both or none."""
    rows = Chunk.objects.filter(job__in=job_ids).select_related("blob").defer("error_detail")
    return rows.order_by("job_id", "position")


@named
def still_there(job_ids: Collection[UUID]) -> set[UUID]:
    """Lock those of the jobs that there are and return their ids; who deletes them at the same time has to wait.

    Their retries are written as well, and so locked here: all in one order, in which two never wait for each other.
    """
    rows = Job.objects.select_for_update().filter(Q(pk__in=job_ids) | Q(retry_of__in=job_ids))
    return set(rows.order_by("pk").values_list("pk", flat=True)).intersection(job_ids)


@named
def blobs_of(job_ids: Collection[UUID]) -> set[int]:
    """Return the blobs that some jobs refer to."""
    inputs = Job.objects.filter(pk__in=job_ids, bars_blob__isnull=False).values_list("bars_blob_id", flat=True)
    results = Chunk.objects.filter(job__in=job_ids, blob__isnull=False).values_list("blob_id", flat=True)
    return {pk for pk in (*inputs, *results) if pk is not None}


@named
def bury(stones: Collection[Tombstone]) -> None:
    """Write what stays of jobs."""
    Tombstone.objects.bulk_create(stones)


@named
def delete_jobs(job_ids: Collection[UUID]) -> None:
    """Delete jobs with all that belongs to them but their blobs, one statement a table.

    Django would read every chunk first to find what belongs to it.
    """
    Job.objects.filter(retry_of__in=job_ids).update(retry_of=None)
    count_fewer(job_ids)
    for model in (Transition, JobTag, JobSymbol, Delivery, Chunk):
        rows: Any = model._default_manager.filter(job__in=job_ids)
        rows._raw_delete(rows.db)
    jobs: Any = Job.objects.filter(pk__in=job_ids)
    jobs._raw_delete(jobs.db)


@named
def delete_unused(blobs: Collection[int]) -> None:
    """Delete the blobs that nobody refers to any more: jobs that were answered from a stored result share them.

    Of two who delete the last jobs of a blob at the same time the second waits and sees what the first has deleted;
    else each would keep it for the other's job.
    """
    list(Blob.objects.select_for_update(no_key=True).filter(pk__in=blobs).order_by("pk").values_list("pk"))
    results = Chunk.objects.filter(blob=OuterRef("pk"))
    inputs = Job.objects.filter(bars_blob=OuterRef("pk"))
    rows: Any = Blob.objects.filter(~Exists(results), ~Exists(inputs), pk__in=blobs)
    rows._raw_delete(rows.db)


@named
def old_tombstones(before: datetime, limit: int) -> list[tuple[UUID, str]]:
    """Return ids and archives of jobs that were deleted before then, the oldest first."""
    rows = Tombstone.objects.filter(deleted_at__lt=before).order_by("deleted_at")
    return list(rows.values_list("id", "archive")[:limit])


@named
def delete_tombstones(job_ids: Collection[UUID]) -> None:
    """Delete what stays of deleted jobs."""
    Tombstone.objects.filter(pk__in=job_ids).delete()


@named
def archived() -> "QuerySet[Tombstone]":
    """Return what stays of the deleted jobs that have an archive, without their summaries."""
    return Tombstone.objects.exclude(archive="").order_by("id").defer("summary")
