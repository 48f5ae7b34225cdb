"""A million jobs as a system has them that has run for a month: made by PostgreSQL itself, in a minute."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection

from ops.databases import unlimited

COUNT = 1_000_000
OWNERS = 50
SPAN_SECONDS = 29 * 86_400
BIG = ("jobs_blob", "jobs_job", "jobs_chunk", "jobs_transition", "jobs_jobtag", "jobs_jobsymbol")
SMALL = ("jobs_endedcount",)
# The newest jobs are under way: these wait, are in the broker, run and are being cancelled.
ACCEPTED, QUEUED, RUNNING, CANCELLING = 20_000, 1_000, 300, 20

_STATE = f"""CASE WHEN n > {COUNT - ACCEPTED} THEN 'accepted' WHEN n > {COUNT - ACCEPTED - QUEUED} THEN 'queued'
    WHEN n > {COUNT - ACCEPTED - QUEUED - RUNNING} THEN 'running'
    WHEN n > {COUNT - ACCEPTED - QUEUED - RUNNING - CANCELLING} THEN 'cancelling'
    WHEN n %% 51 = 0 THEN 'failed' WHEN n %% 97 = 0 THEN 'partial' WHEN n %% 101 = 0 THEN 'cancelled'
    ELSE 'succeeded' END"""
# Version 7, as jobs.ids makes them: milliseconds, then what tells two of one millisecond apart.
_ID = """(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7000' || lpad(to_hex(n), 16, '8'))::uuid"""
_RETENTION = "CASE WHEN n %% 20 = 0 THEN '7d' WHEN n %% 33 = 0 THEN 'forever' ELSE '30d' END"

_SOURCE = f"""
CREATE TEMPORARY TABLE million AS
SELECT n, at, {_ID} AS id, {_STATE} AS state, 1 + n %% {OWNERS} AS nth,
       (ARRAY['interactive', 'indicators', 'patterns'])[1 + n %% 3] AS queue, {_RETENTION} AS retention
FROM (SELECT n, %s::timestamptz - ({COUNT} - n) * interval '{SPAN_SECONDS / COUNT} seconds' AS at
      FROM generate_series(1, {COUNT}) AS n) AS numbered
"""
_IS_OVER = "state NOT IN ('accepted', 'queued', 'running', 'cancelling')"
_ROWS = {
    "jobs_blob": "SELECT n, 'x', 1, ''::bytea, at FROM million",
    "jobs_job": f"""SELECT id, owners.pk, state, queue,
        '{{"analyses": ["rsi"], "output": "last"}}'::jsonb, '["rsi"]'::jsonb, '1d', '1.1.0',
        CASE WHEN state = 'succeeded' THEN 'sha256:' || md5(n::text) ELSE '' END,
        CASE WHEN n %% 3 = 2 THEN n END, 1, 1, 0, 0, false, NULL,
        CASE WHEN n %% 2 = 0 THEN 'HOT' WHEN n %% 5 = 0 THEN 'request' || n ELSE '' END,
        CASE WHEN n %% 10 = 0 THEN 'key' || n END, '',
        '', retention, CASE WHEN n %% 500 = 0 THEN at + interval '30 days' END, at, at,
        CASE WHEN {_IS_OVER} THEN at + interval '9 seconds' END FROM million JOIN owners USING (nth)""",
    "jobs_chunk": f"""SELECT n, id, owners.pk, 0, queue,
        CASE state WHEN 'partial' THEN 'succeeded' WHEN 'cancelling' THEN 'running' ELSE state END, 0,
        '[["A", 1, "f", "raw"]]'::jsonb, 1, 1, '[]'::jsonb, true,
        CASE WHEN state IN ('succeeded', 'partial') THEN n END, '', '', 'w', at,
        CASE WHEN n %% 1000 = 0 THEN at + interval '1 hour' END,
        CASE WHEN state <> 'accepted' THEN at END, CASE WHEN state <> 'accepted' AND n %% 20 > 0 THEN at END,
        at, CASE WHEN state IN ('running', 'cancelling') THEN %s::timestamptz + (n %% 60 - 1) * interval '1 second' END,
        CASE WHEN {_IS_OVER} THEN at + interval '9 seconds' END FROM million JOIN owners USING (nth)""",
    "jobs_transition": "SELECT n, id, n, '', 'accepted', 0, 'submit', '', at FROM million WHERE n %% 4 = 1",
    "jobs_jobtag": """SELECT n, id, (ARRAY['nightly', 'tag' || n %% 1000])[1 + n %% 2], owners.pk
        FROM million JOIN owners USING (nth) WHERE n %% 3 = 0""",
    # Half of the jobs are about a symbol that every second owner never asks for.
    "jobs_jobsymbol": """SELECT n, id, CASE WHEN n %% 2 = 0 THEN 'HOT' ELSE 'S' || n %% 5000 END, owners.pk
        FROM million JOIN owners USING (nth)""",
    "jobs_endedcount": f"""SELECT -row_number() OVER (), owners.pk, state, COUNT(*)
        FROM million JOIN owners USING (nth) WHERE {_IS_OVER} GROUP BY owners.pk, state""",
}
_COLUMNS = {
    "jobs_blob": "id, sha256, size, data, created_at",
    "jobs_job": """id, owner_id, state, queue, request, plan, timeframe, engine, fingerprint, bars_blob_id,
        symbol_count, chunk_count, ok_count, failed_count, reused, retry_of_id, request_id, idempotency_key, body_hash,
        ended_because, retention, deadline_at, created_at, started_at, finished_at""",
    "jobs_chunk": """id, job_id, owner_id, position, queue, state, attempt, items, item_count, ok_count, failures,
        reusable, blob_id, error_code, error_detail, worker, created_at, not_before, queued_at, published_at,
        started_at, lease_expires_at, finished_at""",
    "jobs_transition": "id, job_id, chunk_id, from_state, to_state, attempt, actor, reason, at",
    "jobs_jobtag": "id, job_id, tag, owner_id",
    "jobs_jobsymbol": "id, job_id, symbol, owner_id",
    "jobs_endedcount": "id, owner_id, state, more",
}


def id_of(n: int) -> UUID:
    """The id of the n-th job."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT job_id FROM jobs_chunk WHERE id = %s", [n])
        found: UUID = cursor.fetchone()[0]
    return found


@contextmanager
def million_jobs(now: datetime) -> Iterator[list[Any]]:
    """Fill the tables, keep them for the block, empty them again; give the owners, of whom the last is staff."""
    users = get_user_model().objects
    owners = users.bulk_create([users.model(username=f"owner{n}", is_staff=n > OWNERS) for n in range(1, OWNERS + 2)])
    unlimited.lift(connection)  # a busy machine takes its time
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE owners (nth int, pk int)")
        cursor.executemany("INSERT INTO owners VALUES (%s, %s)", [(n, one.pk) for n, one in enumerate(owners, 1)])
        cursor.execute("SET session_replication_role = replica")  # no look at each foreign key
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(_SOURCE, [now])
        # Indexes that are made afterwards are made in a third of the time.
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexdef NOT LIKE '%% UNIQUE %%'",
            [list(BIG)],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for table, rows in _ROWS.items():
            given = [now] if "%s" in rows.replace("%%", "") else []
            cursor.execute(f"INSERT INTO {table} ({_COLUMNS[table]}) {rows}", given)
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("DROP TABLE million, owners")
        cursor.execute(f"VACUUM ANALYZE {', '.join(BIG)}")
    unlimited.restore(connection)
    try:
        yield owners
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(BIG + SMALL)} CASCADE")
        users.all().delete()


def moment(now: datetime, n: int) -> datetime:
    """When the n-th job was submitted."""
    return now - timedelta(seconds=(COUNT - n) * SPAN_SECONDS / COUNT)
