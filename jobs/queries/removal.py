"""Jobs whose time is over, in sets: which they are, what is written of them, and what is deleted with them."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Min, Q, QuerySet

from jobs import raw_sets
from jobs.models import Blob, Chunk, Delivery, Job, JobSymbol, JobTag, Tombstone, Transition
from jobs.queries.counts import count_fewer
from jobs.queries.named import named
from jobs.raw_sets import any_of
from jobs.raw_sql import column, field_of
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
    """Return these fields of the transitions of some jobs, the oldest first.

    There are eight a job, and Django converts a value of SQLite's in ten steps.
    """
    condition, ids = any_of(Transition, "job", job_ids)
    columns = ", ".join(column(field_of(Transition, name)) for name in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM jobs_transition WHERE {condition} ORDER BY id", [ids])  # noqa: S608
        rows = cursor.fetchall()
    if connection.vendor == "sqlite":
        known = {pk.hex: pk for pk in job_ids}
        read: dict[str, Any] = {"job_id": known.__getitem__, "at": lambda moment: moment.replace(tzinfo=UTC)}
        places = [(place, read[name]) for place, name in enumerate(fields) if name in read]
        for place, reading in places:
            rows = [(*row[:place], reading(row[place]), *row[place + 1 :]) for row in rows]
    return [dict(zip(fields, row, strict=True)) for row in rows]


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
    of_jobs, ids = any_of(Job, "pk", job_ids)
    of_retries, _ = any_of(Job, "retry_of", raw_sets.Keys(ids))
    with connection.cursor() as cursor:
        if connection.features.has_select_for_update:
            sql = f"SELECT id FROM jobs_job WHERE {of_jobs} OR {of_retries} ORDER BY id FOR UPDATE"  # noqa: S608
            cursor.execute(sql, [ids, ids])
        else:
            cursor.execute(f"SELECT id FROM jobs_job WHERE {of_jobs}", [ids])  # noqa: S608 (names of our models)
        return {Job._meta.pk.to_python(pk) for (pk,) in cursor.fetchall()}.intersection(job_ids)


@named
def bury(stones: Sequence[Any]) -> None:
    """Write what stays of jobs, which raw_sets has prepared."""
    raw_sets.insert(Tombstone, stones)


@named
def delete_jobs(job_ids: Collection[UUID]) -> set[int]:
    """Delete jobs with all that belongs to them but their blobs, one statement a table; return those blobs.

    Django would read every chunk first to find what belongs to it.
    """
    keys = raw_sets.keys_of(Job, "pk", job_ids)
    condition, ids = any_of(Job, "retry_of", keys)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE jobs_job SET retry_of_id = NULL WHERE {condition}", [ids])  # noqa: S608
    for model in (Transition, JobTag, JobSymbol, Delivery):
        raw_sets.delete(model, "job", keys)
    results = raw_sets.delete(Chunk, "job", keys, "blob")
    jobs = raw_sets.delete(Job, "pk", keys, "bars_blob", "owner", "state")
    count_fewer((owner_id, state) for _, owner_id, state in jobs)
    return {row[0] for row in (*results, *jobs) if row[0] is not None}


@named
def delete_unused(blobs: Collection[int]) -> None:
    """Delete the blobs that nobody refers to any more: jobs that were answered from a stored result share them.

    Of two who delete the last jobs of a blob at the same time the second waits and sees what the first has deleted;
    else each would keep it for the other's job.
    """
    condition, ids = any_of(Blob, "pk", blobs)
    with connection.cursor() as cursor:
        if connection.features.has_select_for_update:
            cursor.execute(f"SELECT id FROM jobs_blob WHERE {condition} ORDER BY id FOR NO KEY UPDATE", [ids])  # noqa: S608
        cursor.execute(
            f"""DELETE FROM jobs_blob WHERE {condition}
            AND NOT EXISTS (SELECT 1 FROM jobs_chunk WHERE blob_id = jobs_blob.id)
            AND NOT EXISTS (SELECT 1 FROM jobs_job WHERE bars_blob_id = jobs_blob.id)""",  # noqa: S608
            [ids],
        )


@named
def old_tombstones(before: datetime, limit: int, *, archived: bool) -> list[tuple[UUID, str]]:
    """Return ids and archives of jobs that were deleted before then, with an archive or without, the oldest first."""
    kind = ~Q(archive="") if archived else Q(archive="")
    rows = Tombstone.objects.filter(kind, deleted_at__lt=before).order_by("deleted_at")
    return list(rows.values_list("id", "archive")[:limit])


@named
def delete_tombstones(job_ids: Collection[UUID]) -> None:
    """Delete what stays of deleted jobs."""
    Tombstone.objects.filter(pk__in=job_ids).delete()


@named
def archived() -> "QuerySet[Tombstone]":
    """Return what stays of the deleted jobs that have an archive, without their summaries."""
    return Tombstone.objects.exclude(archive="").order_by("id").defer("summary")
