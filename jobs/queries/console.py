"""What the admin's list of jobs is searched by: each is one look-up in an index that begins with what is looked for."""

from uuid import UUID

from django.db.models import QuerySet

from jobs.models import JobSymbol, JobTag
from jobs.queries.named import named

# No list goes further: who looks for an older job knows more of it than this.
MOST_LISTED = 10_000


@named
def has_symbol(symbol: str) -> bool:
    """Tell whether a job asks about this symbol."""
    return JobSymbol.objects.filter(symbol=symbol).exists()


@named
def has_tag(tag: str) -> bool:
    """Tell whether a job has this tag."""
    return JobTag.objects.filter(tag=tag).exists()


@named
def newest_about(symbol: str) -> "QuerySet[JobSymbol, UUID]":
    """Return the ids of the newest jobs that ask about a symbol."""
    rows = JobSymbol.objects.filter(symbol=symbol).order_by("-job_id")
    return rows.values_list("job_id", flat=True)[:MOST_LISTED]


@named
def newest_tagged(tag: str) -> "QuerySet[JobTag, UUID]":
    """Return the ids of the newest jobs with a tag."""
    rows = JobTag.objects.filter(tag=tag).order_by("-job_id")
    return rows.values_list("job_id", flat=True)[:MOST_LISTED]
