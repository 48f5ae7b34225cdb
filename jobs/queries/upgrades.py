"""What processes of release 1.1 leave out, which share the database during an upgrade: written after them."""

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from jobs.models import Job, JobSymbol, JobTag
from jobs.queries.named import named
from jobs.states import TERMINAL

# Both sides are as one moment sees them, and a job that ends meanwhile changes both or neither.
_WRONG = f"""
SELECT owner_id, state, SUM(n) FROM (
  SELECT owner_id, state, COUNT(*) AS n FROM jobs_job
  WHERE state IN ({", ".join(f"'{state}'" for state in sorted(TERMINAL))}) GROUP BY owner_id, state
  UNION ALL SELECT owner_id, state, -more FROM jobs_endedcount
) AS both_ways GROUP BY owner_id, state HAVING SUM(n) <> 0
"""  # noqa: S608 (states of ours)
_CORRECT = f"INSERT INTO jobs_endedcount (owner_id, state, more) {_WRONG}"
# Of two who correct the same each would see it wrong. No one else waits: it is neither a reader's nor a writer's lock.
_ONE_AT_A_TIME = "LOCK TABLE jobs_endedcount IN SHARE UPDATE EXCLUSIVE MODE"


@named
def recount() -> int:
    """Count the ended jobs themselves, write what their counts lack, and return how many rows that took.

    It reads an index of all jobs, twice where something is wrong: where nothing is, nobody is kept from writing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        if not cursor.fetchall():
            return 0
        with transaction.atomic():
            if connection.vendor == "postgresql":
                cursor.execute(_ONE_AT_A_TIME)
            cursor.execute(_CORRECT)
            return int(cursor.rowcount)


@named
def name_owners(limit: int) -> int:
    """Write whose they are on at most as many tags and symbols each of jobs; return how many had no owner."""
    named_now = 0
    for model in (JobTag, JobSymbol):
        rows = model.objects.filter(owner__isnull=True).order_by("pk").values("pk")[:limit]
        owner = Job.objects.filter(pk=OuterRef("job_id")).values("owner_id")[:1]
        named_now += model.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(owner=Subquery(owner))
    return named_now
