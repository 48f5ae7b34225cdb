"""What updates and deletes leave behind in the tables, and what the pump and the sweep read through meanwhile."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import QuerySet

from jobs.models import Chunk
from jobs.queries import backlog, counts, life
from jobs.queues import INTERACTIVE
from jobs.services.purge import purge_expired
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from jobs.services.sweep import sweep
from scripts.months import finished
from scripts.months.sizes import index_sizes

TABLES = ("jobs_job", "jobs_chunk", "jobs_transition", "jobs_blob", "jobs_endedcount")
# As migrations make them; here they are taken away for the first run.
ADVISED = ("autovacuum_vacuum_scale_factor", "autovacuum_vacuum_threshold")
SWEEP_EVERY = 200


def show(jobs: int, now: datetime) -> None:
    """Take jobs through the services over the filled tables, with the database's own settings and with ours."""
    with connection.cursor() as cursor:
        # As often as every second, not every minute: minutes of use stand for hours.
        cursor.execute("ALTER SYSTEM SET autovacuum_naptime = '1s'")
        cursor.execute("SELECT pg_reload_conf()")
    ours = _options()
    for name, options in (("the database's own settings", {}), ("ours", ours)):
        _set(options)
        _run(name, jobs, now)
    _set(ours)


def _run(name: str, jobs: int, now: datetime) -> None:
    before, indexes = _statistics(), {table: index_sizes(table) for table in TABLES}
    owner = finished.user()
    request = finished.request(symbols=[finished.SYMBOL])
    for n in range(jobs):
        job = submit(owner=owner, request=request, now=now)
        run_chunk(Chunk.objects.get(job=job).pk, clock=lambda: now)
        if n % SWEEP_EVERY == 0:
            sweep(now=now)
    purged = purge_expired(now=now + timedelta(days=2), seconds=jobs / 1_000)
    after = _statistics()
    print(f"\n(b) {jobs:,} jobs through the services and {purged:,} purged, {name}")
    heads = f"{'updates':>9}{'of them HOT':>12}{'deletes':>9}{'dead now':>9}{'vacuums':>8}{'index bytes more':>18}"
    print(f"    {'':<20}{heads}")
    for table in TABLES:
        updates, hot, deletes, vacuums = (after[table][k] - before[table][k] for k in range(4))
        more = sum(index_sizes(table).values()) - sum(indexes[table].values())
        share = f"{100 * hot / updates:.0f} %" if updates else "–"
        print(f"    {table:<20}{updates:>9,}{share:>12}{deletes:>9,}{after[table][4]:>9,}{vacuums:>8}{more:>18,}")
    for question, pages in _pages(now).items():
        print(f"    {question:<20}{pages:>9,} pages read")


def _statistics() -> Mapping[str, tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            """SELECT relname, n_tup_upd, n_tup_hot_upd, n_tup_del, autovacuum_count, n_dead_tup
            FROM pg_stat_user_tables WHERE relname = ANY(%s)""",
            [list(TABLES)],
        )
        return {name: figures for name, *figures in cursor.fetchall()}


def _options() -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reloptions FROM pg_class WHERE relname = ANY(%s)", [list(TABLES)])
        return {table: options for table, options in cursor.fetchall() if options}


def _set(options: Mapping[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} RESET ({', '.join(ADVISED)})")
            if table in options:
                cursor.execute(f"ALTER TABLE {table} SET ({', '.join(options[table])})")
        cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")


def _pages(now: datetime) -> dict[str, int]:
    """Return how many pages each question of the pump and the sweep reads."""
    questions: dict[str, Callable[[], Any]] = {
        "backlog": lambda: backlog.backlog(INTERACTIVE, now),
        "oldest_by_turns": lambda: backlog.oldest_by_turns(INTERACTIVE, 100, now),
        "never_sent": lambda: backlog.never_sent(INTERACTIVE, now, 100),
        "expired_leases": lambda: backlog.expired_leases(now, 100),
        "unsettled": lambda: life.unsettled(100),
        "counts_of_states": lambda: counts.counts_of_states(finished.user()),
    }
    return {name: _read(ask) for name, ask in questions.items()}


def _read(ask: Callable[[], Any]) -> int:
    pages = 0

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal pages
        if "SELECT" in sql[:12]:
            execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params, many, context)
            (found,) = context["cursor"].fetchone()
            plan = (orjson.loads(found) if isinstance(found, str) else found)[0]["Plan"]
            pages += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(explain):
        found = ask()
        if isinstance(found, QuerySet):
            list(found)
    return pages
