"""What owners and operations look at: jobs, how far they are, their results, and the figures of the queues."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, DateTimeField, F, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from jobs.ids import first_id_at
from jobs.models import Blob, Chunk, Job, Tombstone
from jobs.queries.backlog import due
from jobs.queries.named import named
from jobs.raw_sql import find
from jobs.states import TERMINAL, State


def visible(owner: AbstractBaseUser) -> "QuerySet[Job]":
    """Return the jobs this user may see: one's own, and for staff everyone's."""
    return Job.objects.all() if getattr(owner, "is_staff", False) else Job.objects.filter(owner_id=owner.pk)


@named
def jobs_of(
    owner: AbstractBaseUser,
    *,
    state: str | None = None,
    tag: str | None = None,
    symbol: str | None = None,
    idempotency_key: str | None = None,
    request_id: str | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
) -> "QuerySet[Job]":
    """Return the visible jobs that these filters leave, in no order.

    Each has `newest`, by which they are best ordered: its id, as the table has it whose index finds them.
    `created_after` is inclusive, `created_before` is not; both as the ids have them, which are made a few
    milliseconds after the request has come.
    """
    is_staff = getattr(owner, "is_staff", False)
    jobs = visible(owner)
    # What is joined says whose it is as well: a tag that others use a million times is found among one's own. And in
    # which order they are is told by what is joined, so that the first page is the beginning of an index.
    of_owner = {} if is_staff else {"owner_id": owner.pk}
    order = "pk"
    if state is not None:
        jobs = jobs.filter(state=state)
    if tag is not None:
        jobs = jobs.filter(tag_rows__tag=tag, **{f"tag_rows__{name}": pk for name, pk in of_owner.items()})
        order = "tag_rows__job_id"
    if symbol is not None:
        jobs = jobs.filter(symbol_rows__symbol=symbol, **{f"symbol_rows__{name}": pk for name, pk in of_owner.items()})
        order = "symbol_rows__job_id"
    if idempotency_key is not None:
        jobs = jobs.filter(idempotency_key=idempotency_key)
        if is_staff:  # the index of keys begins with whose they are
            jobs = jobs.filter(owner__in=get_user_model().objects.values("pk"))
    if request_id is not None:
        jobs = jobs.filter(~Q(request_id=""), request_id=request_id)
    jobs = jobs.annotate(newest=F(order))
    if created_after is not None:
        jobs = jobs.filter(newest__gte=first_id_at(created_after))
    if created_before is not None:
        jobs = jobs.filter(newest__lt=first_id_at(created_before))
    return jobs


@named
def jobs_by_ids(ids: Collection[UUID | str]) -> "QuerySet[Job]":
    """Return these jobs, of all owners."""
    return Job.objects.filter(pk__in=ids)


@named
def visible_job(owner: AbstractBaseUser, job_id: UUID) -> Job | None:
    """Return the job if this user may see it."""
    return find(Job, {"pk": job_id} if getattr(owner, "is_staff", False) else {"pk": job_id, "owner_id": owner.pk})


@named
def job_by_id(job_id: UUID) -> Job | None:
    """Return a job, no matter who owns it."""
    return find(Job, {"pk": job_id})


@named
def tombstone(job_id: UUID) -> Tombstone | None:
    """Return what is left of a job that was deleted."""
    return Tombstone.objects.filter(pk=job_id).first()


@named
def progress_of(job_ids: Collection[UUID]) -> list[Job]:
    """Return those of the jobs that there are, with the columns that tell how far they are."""
    needed = ("state", "ok_count", "failed_count", "symbol_count", "end_reason", "started_at", "finished_at")
    return list(Job.objects.filter(pk__in=job_ids).only(*needed))


@named
def symbols_over(job_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return by job how many symbols the chunks that are over have, and how many of them a result."""
    over = Chunk.objects.filter(job_id__in=job_ids, state__in=TERMINAL).values("job_id")
    rows = over.annotate(items=Sum("item_count"), ok=Sum("ok_count")).order_by()
    return {row["job_id"]: (row["items"], row["ok"]) for row in rows}


@named
def chunks_from(job: Job, position: int) -> "QuerySet[Chunk]":
    """Return a job's chunks from this one on, in order, without what only staff read."""
    return Chunk.objects.filter(job=job, position__gte=position).order_by("position").defer("error_detail")


@named
def first_chunk(job: Job) -> Chunk | None:
    """Return a job's first chunk with its results."""
    return find(Chunk, {"job_id": job.pk, "position": 0}, "blob")


@named
def chunk_ids(job: Job) -> list[int]:
    """Return the ids of a job's chunks in order."""
    return list(Chunk.objects.filter(job=job).order_by("position").values_list("pk", flat=True))


@named
def chunk_by_id(chunk_id: int) -> Chunk:
    """Return a chunk with its results, without what only staff read."""
    return Chunk.objects.select_related("blob").defer("error_detail").get(pk=chunk_id)


@named
def items_of(job: Job) -> "QuerySet[Chunk, Any]":
    """Return the items of each of a job's chunks."""
    return Chunk.objects.filter(job=job).values_list("items", flat=True)


@named
def failures_of(job: Job) -> "QuerySet[Chunk]":
    """Return a job's chunks in order, with what tells which symbols have no result."""
    return Chunk.objects.filter(job=job).order_by("position").only("state", "items", "failures")


@named
def failures_told(job: Job) -> "QuerySet[Chunk]":
    """Return those of a job's chunks in which a symbol has no result, in order, with why."""
    lacking = Chunk.objects.filter(~Q(ok_count=F("item_count")), job=job, state__in=TERMINAL).order_by("position")
    return lacking.only("state", "items", "failures", "error_code")


@named
def blob_by_id(blob_id: int) -> Blob:
    """Return a blob."""
    return Blob.objects.get(pk=blob_id)


@named
def blob_size(blob_id: int) -> int:
    """Return how many bytes a blob has, without reading them."""
    return Blob.objects.values_list("size", flat=True).get(pk=blob_id)


@named
def depths(now: datetime) -> list[tuple[str, int, datetime | None]]:
    """Return by queue how many chunks are not over, and since when the oldest that is due waits for a worker."""
    # What was put off until later waits for its moment, not for a worker.
    waits_since = Min(Coalesce("not_before", "created_at"))
    nobody = Value(None, output_field=DateTimeField())
    parts = [
        Chunk.objects.filter(condition).values_list("queue").annotate(depth=Count("id"), oldest=oldest).order_by()
        for condition, oldest in (
            (Q(due(now), state=State.ACCEPTED), waits_since),
            (Q(due(now), state=State.QUEUED), waits_since),
            (Q(state=State.RUNNING), nobody),
        )
    ]
    found: dict[str, tuple[int, datetime | None]] = {}
    # Each state by its own index: of three states at once SQLite reads all chunks.
    for queue, more, oldest in parts[0].union(*parts[1:], all=True):
        depth, since = found.get(queue, (0, None))
        found[queue] = depth + more, min(filter(None, (since, oldest)), default=None)
    return [(queue, depth, since) for queue, (depth, since) in found.items()]


@named
def shares(job_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return, for those of the jobs that are over and have symbols, how many succeeded of how many."""
    over = Job.objects.filter(pk__in=job_ids, state__in=TERMINAL, symbol_count__gt=0)
    return {pk: (ok, total) for pk, ok, total in over.values_list("pk", "ok_count", "symbol_count")}
