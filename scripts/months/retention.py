"""How fast jobs are archived and deleted, what a job costs of the CPU, and how long others have to wait."""

import os
import resource
import time
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from jobs.services.purge import purge_expired
from scripts.months import finished


class Locks:
    """How long transactions held what they had locked: from their first statement, or SQLite's BEGIN, to the commit."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._began: float | None = None

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("BEGIN"):
            found = execute(sql, params, many, context)  # the wait for others is theirs
            self._began = time.perf_counter()
            return found
        if connection.in_atomic_block and not connection.run_on_commit:
            if connection.vendor != "sqlite":
                self._began = time.perf_counter()
            transaction.on_commit(self._ended)
        return execute(sql, params, many, context)

    def _ended(self) -> None:
        if self._began is not None:
            self.seconds.append(time.perf_counter() - self._began)


def show(jobs: int, now: datetime) -> None:
    """Fill the tables with jobs over bars of their own, and purge them: plain, then archived."""
    print(f"\n(c) retention on {connection.vendor}: {jobs:,} jobs of {finished.BARS} inline bars and three indicators")
    with TemporaryDirectory(prefix="months-") as folder:
        for name, place in (("plain", ""), ("archived", folder)):
            finished.fill(jobs, now - timedelta(days=2), inline=True, changed={})
            settings.ARCHIVE_DIR = place
            locks = Locks()
            wall, ours, servers = time.perf_counter(), time.process_time(), _server_seconds()
            with connection.execute_wrapper(locks):
                purged = purge_expired(now=now)
            wall, ours, servers = time.perf_counter() - wall, time.process_time() - ours, _server_seconds() - servers
            held = sorted(locks.seconds)
            print(
                f"    {name:<9} {purged / wall:>7,.0f} jobs/s, {purged / (ours + servers):>7,.0f} a second of the CPU;"
                f" CPU of 1,000 jobs {1_000 * ours / purged:.3f} s here, {1_000 * servers / purged:.3f} s the server;"
                f" locks held P50 {1_000 * held[len(held) // 2]:.0f} ms, at most {1_000 * held[-1]:.0f} ms"
            )
            if place:
                size = sum(path.stat().st_size for path in Path(place).rglob("*") if path.is_file())
                print(f"    {'':<9} {size / purged:,.0f} bytes of archive a job")
    print(f"    most memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024:,.0f} MiB")


def _server_seconds() -> float:
    """Return the CPU seconds of the database's process for this connection; SQLite has none."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
