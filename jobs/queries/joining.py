"""Jobs that wait for the result of an identical one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from jobs import raw_sets
from jobs.models import Chunk, Job
from jobs.queries.named import by_index, named
from jobs.raw_sql import keys
from jobs.states import State

INDEX = "job_followers"
# A job in these states may be waited for.
UNDER_WAY = (State.ACCEPTED, State.QUEUED, State.RUNNING)

# Plain SQL, so that SQLite takes the index of those that wait, and not that of all accepted jobs; with its constant.
# Followers are asked for at the end of every job that others might have joined.
_FOLLOWERS = "SELECT id FROM jobs_job {by_index} WHERE waits_for = %s AND state = 'accepted' ORDER BY id"
_OF_ANY = "SELECT id FROM jobs_job {by_index} WHERE {any_leader} AND state = 'accepted'"
_LEADERS = """
SELECT DISTINCT waits_for FROM jobs_job {by_index} WHERE waits_for IS NOT NULL AND state = 'accepted'
ORDER BY waits_for LIMIT %s
"""
_FOLLOW = "UPDATE jobs_job {by_index} SET waits_for = %s WHERE waits_for = %s AND state = 'accepted'"


@named
def followers(leader_id: UUID) -> list[UUID]:
    """Return the jobs that wait for the result of this one, the oldest first."""
    return keys(Job, _FOLLOWERS.format(by_index=by_index(INDEX)), [_prepared(leader_id)])


@named
def leaders_waited_for(limit: int) -> list[UUID]:
    """Return jobs that others wait for, there or gone."""
    return keys(Job, _LEADERS.format(by_index=by_index(INDEX)), [limit])


@named
def under_way(job_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the jobs that may still be waited for."""
    return set(Job.objects.filter(pk__in=job_ids, state__in=UNDER_WAY).values_list("pk", flat=True))


@named
def put_off(leaders: Collection[UUID], *, until: datetime, where_before: datetime) -> int:
    """Put off the chunks of these jobs' followers once more, where their time would come before then."""
    any_leader, parameter = raw_sets.any_of(Job, "waits_for", leaders)
    jobs = keys(Job, _OF_ANY.format(by_index=by_index(INDEX), any_leader=any_leader), [parameter])
    rows = Chunk.objects.filter(job__in=jobs, state=State.ACCEPTED, not_before__lt=where_before)
    found = rows.select_for_update().order_by("pk").values_list("pk", flat=True)
    return Chunk.objects.filter(pk__in=list(found), state=State.ACCEPTED).update(not_before=until)


@named
def both_locked(one: UUID, other: UUID) -> "QuerySet[Job]":
    """Lock and return two jobs in the order of their ids."""
    return Job.objects.filter(pk__in=[one, other]).select_for_update().order_by("pk")


@named
def chunks_put_off(job_ids: Collection[UUID]) -> "QuerySet[Chunk]":
    """Lock and return the chunks of these jobs that wait."""
    rows = Chunk.objects.filter(job__in=job_ids, state=State.ACCEPTED)
    return rows.select_for_update().order_by("pk").only("pk", "queue")


@named
def put_on(chunk_ids: Sequence[int]) -> int:
    """Let these accepted chunks be due now."""
    return Chunk.objects.filter(pk__in=chunk_ids, state=State.ACCEPTED).update(not_before=None)


@named
def lead_instead(job_id: UUID, leader_id: UUID) -> bool:
    """Let a follower of this leader lead; False when it is none any more."""
    rows = Job.objects.filter(pk=job_id, waits_for=leader_id, state=State.ACCEPTED)
    return rows.update(waits_for=None, leads=True) == 1


@named
def follow_instead(leader_id: UUID, other_id: UUID) -> int:
    """Let the followers of a leader wait for another."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW.format(by_index=by_index(INDEX)), [_prepared(other_id), _prepared(leader_id)])
        return int(cursor.rowcount)


@named
def follow_nobody(job_ids: Collection[UUID]) -> int:
    """Let these accepted jobs wait for no other."""
    return Job.objects.filter(pk__in=job_ids, state=State.ACCEPTED).update(waits_for=None)


def _prepared(job_id: UUID) -> Any:
    return Job._meta.pk.get_db_prep_value(job_id, connection)
