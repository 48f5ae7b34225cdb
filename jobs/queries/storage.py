"""What owners take of the storage: the sums that are kept, and what is not yet in them."""

from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Min, OuterRef, QuerySet, Subquery, Sum

from jobs.models import Chunk, Job, StorageUse
from jobs.queries.named import named
from jobs.states import OPEN

# In one statement, so that nobody reads a sum, and writes it back, while somebody else does.
_ADD = """
INSERT INTO jobs_storageuse (owner_id, part, stored_bytes, byte_days) VALUES (%s, %s, %s, %s)
ON CONFLICT (owner_id, part) DO UPDATE SET stored_bytes = jobs_storageuse.stored_bytes + excluded.stored_bytes,
    byte_days = jobs_storageuse.byte_days + excluded.byte_days
"""


class Used(NamedTuple):
    """Bytes, and bytes times the days that they are promised to be kept."""

    stored_bytes: int
    byte_days: int


@named
def add_use(owner_id: int, part: int, stored_bytes: int, byte_days: int) -> None:
    """Add to one part of what an owner takes; less than zero is given back."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [owner_id, part, stored_bytes, byte_days])


@named
def parts_of(owner_id: int) -> Used:
    """Return the sum of the parts as they are."""
    rows = StorageUse.objects.filter(owner_id=owner_id)
    found = rows.aggregate(size=Sum("stored_bytes"), promised=Sum("byte_days"))
    return Used(found["size"] or 0, found["promised"] or 0)


@named
def sums_of_jobs(owner_id: int) -> dict[str, int]:
    """Return by class of retention what an owner's jobs say that they take: all of them are read."""
    rows = Job.objects.filter(owner_id=owner_id).values_list("retention")
    return dict(rows.annotate(size=Sum("stored_bytes")).order_by())


@named
def use_of(owner_id: int) -> Used:
    """Return what an owner's finished jobs take."""
    found = parts_of(owner_id)
    return Used(max(0, found.stored_bytes), max(0, found.byte_days))


@named
def sums_by_owner() -> "QuerySet[StorageUse]":
    """Return a row for each owner, with the sums of all parts in `whole_bytes` and `whole_byte_days`."""
    parts = StorageUse.objects.filter(owner=OuterRef("owner")).order_by().values("owner")
    first = StorageUse.objects.order_by().values("owner").annotate(first=Min("pk")).values("first")
    return StorageUse.objects.filter(pk__in=first).annotate(
        whole_bytes=Subquery(parts.annotate(sum=Sum("stored_bytes")).values("sum")),
        whole_byte_days=Subquery(parts.annotate(sum=Sum("byte_days")).values("sum")),
    )


@named
def largest_byte_days(count: int) -> list[tuple[int, int]]:
    """Return the byte days of the owners that take most, with whose they are."""
    sums = StorageUse.objects.values_list("owner_id").annotate(sum=Sum("byte_days"))
    return list(sums.order_by("-sum", "owner_id")[:count])


@named
def expected_of_open(owner_id: int) -> dict[str, int]:
    """Return by class of retention what an owner's jobs that are not over are expected to take."""
    rows = Job.objects.filter(owner_id=owner_id, state__in=OPEN).values_list("retention")
    return dict(rows.annotate(size=Sum("expected_bytes")).order_by())


@named
def size_of_results(job_id: UUID) -> int:
    """Return the bytes that a job's results take."""
    size: int | None = Chunk.objects.filter(job_id=job_id).aggregate(size=Sum("blob__size"))["size"]
    return size or 0
