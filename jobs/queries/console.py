"""What the admin's list of jobs is searched by: each is one look-up in an index that begins with what is looked for."""

from uuid import UUID

from jobs.models import Job, JobSymbol, JobTag
from jobs.queries.named import named

# Of one symbol or tag, which are looked up one by one.
MOST_FOUND = 1_000


@named
def has_symbol(symbol: str) -> bool:
    """Tell whether a job asks about this symbol."""
    # In the index's order: of a symbol that most jobs have, PostgreSQL would look for the first in the table.
    return bool(JobSymbol.objects.filter(symbol=symbol).order_by("-job_id").values_list("job_id")[:1])


@named
def has_tag(tag: str) -> bool:
    """Tell whether a job has this tag."""
    return bool(JobTag.objects.filter(tag=tag).order_by("-job_id").values_list("job_id")[:1])


@named
def newest_about(symbol: str) -> list[UUID]:
    """Return the ids of the newest jobs that ask about a symbol."""
    rows = JobSymbol.objects.filter(symbol=symbol).order_by("-job_id")
    return list(rows.values_list("job_id", flat=True)[:MOST_FOUND])


@named
def newest_tagged(tag: str) -> list[UUID]:
    """Return the ids of the newest jobs with a tag."""
    rows = JobTag.objects.filter(tag=tag).order_by("-job_id")
    return list(rows.values_list("job_id", flat=True)[:MOST_FOUND])


@named
def newest_of_request(request_id: str) -> list[UUID]:
    """Return the ids of the newest jobs that one request has submitted: several, if it submitted in bulk."""
    # That it is none of those without is said for SQLite and PostgreSQL to see that the index has them all.
    rows = Job.objects.exclude(request_id="").filter(request_id=request_id).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[:MOST_FOUND])


@named
def retries_of(job: Job) -> list[UUID]:
    """Return the ids of the newest jobs that were made of what failed in this one."""
    return list(Job.objects.filter(retry_of=job).order_by("-pk").values_list("pk", flat=True)[:10])
