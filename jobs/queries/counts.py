"""How many jobs are in which state: those under way are counted, those that have ended were when they did."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Sum

from jobs import raw_sql
from jobs.models import EndedCount, Job
from jobs.queries.named import in_any, locked, named
from jobs.states import OPEN, TERMINAL


@named
def counts_of_states(owner: AbstractBaseUser | None) -> dict[str, int]:
    """Return the number of jobs in every state that one is in: of those the user sees, or of all for None."""
    whose = {} if owner is None or getattr(owner, "is_staff", False) else {"owner_id": owner.pk}
    under_way = Job.objects.filter(in_any(*OPEN), **whose).values_list("state").annotate(n=Count("id"))
    ended = EndedCount.objects.filter(**whose).values_list("state").annotate(n=Sum("more"))
    # One statement: of two, a job that ends in between would be in both or in none.
    return {state: n for state, n in under_way.order_by().union(ended.order_by(), all=True) if n}


def count_more(jobs: Sequence[Job]) -> None:
    """Count jobs that have just ended, in the transaction in which they do."""
    _add(Counter((job.owner_id, str(job.state)) for job in jobs))


def count_fewer(deleted: Iterable[tuple[int, str]]) -> None:
    """Count jobs no longer, by owner and state, in the transaction in which they are deleted."""
    gone = Counter((owner_id, state) for owner_id, state in deleted if state in TERMINAL)
    _add(Counter({key: -n for key, n in gone.items()}))


@named
def add_up(limit: int) -> int:
    """Put sums in the place of at most as many rows of ended jobs, in one transaction; return how many rows fewer.

    Only of owners and states that have several rows, so that the sums of many owners keep back nothing.
    """
    another = EndedCount.objects.filter(owner=OuterRef("owner"), state=OuterRef("state")).exclude(pk=OuterRef("pk"))
    with transaction.atomic():
        # Those that somebody else adds up are passed over, and those that they have added up are not there any more.
        rows = list(locked(EndedCount.objects.filter(Exists(another)).order_by("owner", "state", "id"))[:limit])
        sums: Counter[tuple[int, str]] = Counter()
        for row in rows:
            sums[row.owner_id, row.state] += row.more
        sums = Counter({key: more for key, more in sums.items() if more})
        if len(sums) == len(rows):
            return 0
        EndedCount.objects.filter(pk__in=[row.pk for row in rows]).delete()
        _add(sums)
    return len(rows) - len(sums)


def _add(counts: "Counter[tuple[int, str]]") -> None:
    raw_sql.insert([EndedCount(owner_id=owner, state=state, more=more) for (owner, state), more in counts.items()])
