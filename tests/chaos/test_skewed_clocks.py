"""Workers and beat whose clocks are wrong: they lose nothing while they live, and begin nothing early."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from gravity.local.environment import LocalSystem, Ports
from gravity.local.startup import running
from tests.chaos.skew import library, skewed
from tests.chaos.test_what_a_crash_leaves import upload_many
from tests.e2e.conftest import Running
from tests.ops import throwaway_postgresql

pytestmark = pytest.mark.skipif(library() is None, reason="libfaketime was not found: apt install libfaketime")


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A system on PostgreSQL: SQLite is on the machine of its processes and has no clock of its own."""
    told = {"LEASE_SECONDS": "20", "SWEEP_SECONDS": "2", "DUE_SECONDS": "2", "CHUNK_TARGET_MILLISECONDS": "2000"}
    with throwaway_postgresql.running() as database, pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        local = LocalSystem(Path(tmp_path_factory.mktemp("system")), Ports.free(), {"DATABASE_URL": database.url()})
        with running(local) as supervisor:
            yield Running(local, supervisor, local.key_file.read_text().strip())


@pytest.mark.parametrize(("worker", "beat"), [(-120, 60), (60, -120)])
def test_a_wrong_clock_loses_no_lease_and_begins_nothing_early(system: Running, worker: int, beat: int) -> None:
    symbols = upload_many(system, 30, 5_000)
    for name, seconds in (("worker", worker), ("beat", beat)):
        part = system.supervisor.kill(name)
        system.supervisor.start(skewed(part, seconds, system.local.data))
    begin = datetime.now(UTC) + timedelta(seconds=20)
    told = {"symbols": symbols, "timeframe": "1d", "reuse": False}
    with system.client() as client:
        late = client.submit({**told, "symbols": symbols[:1], "analyses": ["rsi"], "start_after": begin.isoformat()})
        job = client.submit({**told, "analyses": ["all"], "output": "last"})
        while datetime.now(UTC) < begin - timedelta(seconds=1):
            assert client.job(late["id"])["state"] == "accepted"
            time.sleep(0.2)
    assert system.finished(job)["state"] == "succeeded"
    assert system.finished(late)["state"] == "succeeded"
    with psycopg.connect(system.local.chosen["DATABASE_URL"]) as database:
        chains = database.execute("SELECT reason, count(*) FROM jobs_transition GROUP BY reason").fetchall()
        stretches = database.execute(
            "SELECT max(finished_at - started_at) FROM jobs_chunk WHERE job_id = %s", [job["id"]]
        ).fetchone()
        begun = database.execute("SELECT started_at FROM jobs_job WHERE id = %s", [late["id"]]).fetchone()
    assert "lease expired" not in dict(chains)
    assert stretches is not None
    assert stretches[0] > timedelta(seconds=1), "chunks were to run for so long that a sweep sees them"
    assert begun is not None
    assert begun[0] >= begin
