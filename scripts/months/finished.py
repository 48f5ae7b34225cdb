"""Many jobs that are over: a few go through the services, the database copies their rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, models, transaction

from analysis.validation.series import random_walk
from jobs.ids import job_id
from jobs.models import Blob, Chunk, EndedCount, Job, JobSymbol, JobTag, Transition
from jobs.requests import JobRequest
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from market.services.store import store_series
from ops.databases import unlimited

BARS = 500
MADE = 20
SYMBOL = "MONTHS"
# Beyond the keys of what the services make.
FIRST_KEY = 100_000_000
TABLES: tuple[type[models.Model], ...] = (Blob, Job, Chunk, Transition, JobTag, JobSymbol)
# No two alike, as real ones: equal keys would share their place in an index.
_POSTGRES_JOB = {
    "fingerprint": "'sha256:' || md5(n::text) || md5((-n)::text)",
    "finished_at": "t.finished_at - n * interval '1 second'",
}


def user() -> AbstractBaseUser:
    """Return whose the jobs are."""
    return get_user_model().objects.get_or_create(username="months")[0]


def make(owner: AbstractBaseUser, seed: int, now: datetime, *, inline: bool) -> Job:
    """Take a job of three indicators, over bars of its own or stored ones, through the services and return it."""
    if inline:
        over = {"bars": random_walk(BARS, seed=seed)}
    else:
        bars = random_walk(BARS, symbol=SYMBOL)
        given = {"symbol": SYMBOL, "timeframe": "1d", "source": "random walk", "adjustment": "raw"}
        store_series(owner=None, bars=bars, now=now, **given)
        over = {"symbols": [SYMBOL]}
    job = submit(owner=owner, request=request(**over), now=now)
    run_chunk(Chunk.objects.get(job=job).pk, clock=lambda: now)
    job.refresh_from_db()
    return job


def request(**over: object) -> JobRequest:
    """Return what the jobs ask for."""
    return JobRequest(analyses=["rsi", "macd", "atr"], tags=["nightly"], retention="1d", reuse=False, **over)


def fill(
    count: int,
    now: datetime,
    *,
    inline: bool,
    changed: Mapping[type[models.Model], Mapping[str, str]],
    tables: Collection[type[models.Model]] = TABLES,
) -> None:
    """Let there be as many more jobs that ended at this moment, or their rows in some tables alone.

    `changed` are expressions for columns of the copies.
    """
    made = [make(user(), seed, now, inline=inline) for seed in range(MADE)]
    keys = {
        Chunk: {"job_id": "job", "id": f"{FIRST_KEY} + n", "blob_id": f"{FIRST_KEY} + 2 * n + 1"},
        Job: {"id": "job", "bars_blob_id": f"CASE WHEN t.bars_blob_id IS NOT NULL THEN {FIRST_KEY} + 2 * n END"},
        Transition: {"job_id": "job", "chunk_id": f"CASE WHEN t.chunk_id IS NOT NULL THEN {FIRST_KEY} + n END"},
    }
    if connection.vendor == "postgresql":
        keys[Job] |= _POSTGRES_JOB
    unlimited.lift(connection)
    with transaction.atomic(), _copies(made, count - MADE), _without_indexes():
        of_job = "JOIN jobs_job j ON j.id = copies.made JOIN jobs_blob t ON t.id = j.bars_blob_id"
        of_chunk = "JOIN jobs_chunk c ON c.job_id = copies.made JOIN jobs_blob t ON t.id = c.blob_id"
        if Blob in tables:
            _copy(Blob, {"id": f"{FIRST_KEY} + 2 * n"}, of_job)
            _copy(Blob, {"id": f"{FIRST_KEY} + 2 * n + 1"}, of_chunk)
        _copy(Job, keys[Job] | changed.get(Job, {}), "JOIN jobs_job t ON t.id = copies.made")
        for model in [one for one in (Chunk, Transition, JobTag, JobSymbol) if one in tables]:
            _copy(model, {"job_id": "job"} | keys.get(model, {}) | changed.get(model, {}))
        ended = Job.objects.order_by().values_list("owner_id", "state").annotate(n=models.Count("id"))
        EndedCount.objects.all().delete()
        EndedCount.objects.bulk_create([EndedCount(owner_id=owner, state=state, more=n) for owner, state, n in ended])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    unlimited.restore(connection)


@contextmanager
def _copies(made: Sequence[Job], count: int) -> Iterator[None]:
    """Keep a table of copies: their number, of which job, and under which id."""
    key = Job._meta.pk
    kind = key.db_type(connection)
    rows = ((n, made[n % len(made)].pk, job_id()) for n in range(count))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE copies (n bigint, made {kind}, job {kind})")
        if connection.vendor == "postgresql":
            with cursor.copy("COPY copies FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute("SET LOCAL session_replication_role = replica")  # no look at each foreign key
            cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        else:
            prepared = ((n, *(key.get_db_prep_value(pk, connection) for pk in ids)) for n, *ids in rows)
            cursor.executemany("INSERT INTO copies VALUES (%s, %s, %s)", prepared)
        yield
        cursor.execute("DROP TABLE copies")


@contextmanager
def _without_indexes() -> Iterator[None]:
    """Make the indexes again afterwards, which takes a third of the time; SQLite goes without that."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexdef NOT LIKE '%% UNIQUE %%'",
            [[model._meta.db_table for model in TABLES]],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _, definition in indexes:
            cursor.execute(definition)


def _copy(model: type[models.Model], changed: Mapping[str, str], joined: str = "") -> None:
    """Insert a copy of each row that belongs to a copied job, with some columns changed."""
    fields = [field for field in model._meta.concrete_fields if field.column in changed or not field.primary_key]
    table = model._meta.db_table
    columns = ", ".join(field.column for field in fields)
    values = ", ".join(changed.get(field.column, f"t.{field.column}") for field in fields)
    joined = joined or f"JOIN {table} t ON t.job_id = copies.made"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM copies {joined} ORDER BY n")
