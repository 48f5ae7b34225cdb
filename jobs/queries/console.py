"""What the admin's list of jobs is searched by: each is one look-up in an index that begins with what is looked for."""

from uuid import UUID

from jobs.models import JobSymbol, JobTag
from jobs.queries.named import named

# No list goes further: who looks for an older job knows more of it than this.
MOST_LISTED = 10_000
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
