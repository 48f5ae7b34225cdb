"""SQLite, which knows nothing of how often a value is there, begins every list at the end of an index in its order.

Its plans are the same for no rows and for a million: what it reads whole, or sorts, takes seconds there.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from api.paging import BY_JOB_ID, page_of
from jobs.queries import joining, life, reads
from jobs.queries.counts import counts_of_states
from jobs.queries.reads import jobs_of
from jobs.states import State

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="not of this database: the other tests ask PostgreSQL"),
]
THEN = datetime(2026, 1, 1, tzinfo=UTC)
FILTERS: list[dict[str, Any]] = [
    {},
    *({"state": str(state)} for state in State),
    {"tag": "nightly"},
    {"symbol": "AAPL"},
    {"idempotency_key": "key"},
    {"created_after": THEN},
    {"created_before": THEN},
    {"tag": "nightly", "created_after": THEN, "created_before": THEN},
    {"symbol": "AAPL", "state": "failed"},
]


def plan(call: Any) -> str:
    """What SQLite says it does for the statements that a call sends."""
    steps: list[str] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        execute(f"EXPLAIN QUERY PLAN {sql}", params, many, context)
        steps.extend(step for *_, step in context["cursor"].fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        call()
    return "\n".join(steps)


@pytest.fixture(params=["owner", "staff"])
def who(request: Any, owner: Any) -> Any:
    owner.is_staff = request.param == "staff"
    return owner


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("cursor", [{}, {"cursor": "01990000-0000-7000-8000-000000000000"}], ids=["first", "later"])
def test_a_page_is_part_of_an_index(who: Any, filters: dict[str, Any], cursor: dict[str, str]) -> None:
    query = {"limit": 50, **cursor}
    found = plan(lambda: page_of(jobs_of(who, **filters), query, BY_JOB_ID, lambda job: {}))
    # The newest of all are read off the key's own index, and the few of one key may be sorted.
    assert "SCAN" not in found or (not filters and found == "SCAN jobs_job USING INDEX sqlite_autoindex_jobs_job_1")
    assert "TEMP B-TREE" not in found or "idempotency_key" in filters


def test_counts_read_the_jobs_under_way_alone(who: Any) -> None:
    found = plan(lambda: counts_of_states(who))
    assert "SEARCH jobs_job USING COVERING INDEX" in found
    assert "SCAN jobs_job" not in found


def test_what_is_asked_with_every_job_is_found_by_its_own_index(owner: Any) -> None:
    """Most jobs have succeeded, and many may wait: the index of a state would find all of them, each time."""
    reusable = plan(lambda: list(life.reusable_jobs(owner.pk, ["a", "b"])))
    assert "job_reusable (fingerprint=?)" in reusable
    assert "job_leads_once (fingerprint=?" in reusable
    assert "job_reusable (fingerprint=?)" in plan(lambda: life.is_stored(owner.pk, "a"))
    assert "job_followers (waits_for=?)" in plan(lambda: joining.followers(uuid4()))


def test_what_the_sweep_asks_reads_those_that_wait_alone() -> None:
    """Of every accepted job the few that wait for another: a million may be accepted."""
    leaders = [uuid4(), uuid4()]
    asked = {
        "leaders": lambda: joining.leaders_waited_for(1_000),
        "put off": lambda: joining.put_off(leaders, until=THEN, where_before=THEN),
        "follow instead": lambda: joining.follow_instead(*leaders),
    }
    for name, call in asked.items():
        found = plan(transaction.atomic(call))
        assert "job_followers" in found, name
        assert "job_state_newest" not in found, name
        assert "TEMP B-TREE FOR DISTINCT" not in found, name


def test_depths_of_queues_read_the_chunks_that_are_not_over_alone() -> None:
    found = plan(lambda: reads.depths(THEN))
    assert "SCAN jobs_chunk\n" not in f"{found}\n"
    for index in ("chunk_backlog", "chunk_window", "chunk_leases"):
        assert f"SCAN jobs_chunk USING INDEX {index}" in found
