"""Recovery, tried out: under load the database and the broker are destroyed, and what comes back is counted.

Two parts, on a throwaway PostgreSQL and two Redis servers with the processes of `make run`:

1. A dump is taken while clients submit; then everything is killed and the database and the broker are gone. A new
   database is restored from the dump, a new, empty broker started, and the system stood up in the guide's order.
   Every job that was accepted before the dump began must be there and end.
2. Only the broker is lost, with messages in it. Every accepted job must end: its recovery point is now.

Prints RPO and RTO. The exit code is non-zero when a job is missing or does not end.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx2
import psycopg
from psycopg import sql

from gravity.local import processes
from gravity.local.client import TERMINAL
from gravity.local.environment import LocalSystem, Ports, prepare_folders
from gravity.local.errors import Fault
from gravity.local.metrics_folder import emptied
from gravity.local.orchestrator import Orchestrator
from gravity.local.ports import LOOPBACK, free_ports
from gravity.local.services import (
    DATABASE,
    READY_SECONDS,
    USER,
    postgres,
    postgres_answers,
    postgres_binary,
    redis_answers,
    redis_server,
)
from gravity.local.startup import throwaway_folder
from gravity.local.supervisor import Supervisor

END_SECONDS = 120
STATES = sql.SQL("SELECT id::text, state FROM jobs_job")


class Load:
    """Clients that submit small jobs until told to stop, and write down when each was accepted."""

    def __init__(self, api: str, key: str) -> None:
        self.accepted: dict[str, float] = {}
        self._client = httpx2.Client(base_url=api, headers={"Authorization": f"Api-Key {key}"}, timeout=5)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._submit, daemon=True)
        self._thread.start()

    def _submit(self) -> None:
        body = {"analyses": ["rsi", "macd"], "universe": "demo", "reuse": False}
        while not self._stopped.wait(0.03):
            try:
                answer = self._client.post("/api/v1/jobs", json=body)
            except httpx2.TransportError:
                continue  # not answered, so not promised
            if answer.status_code == 202:
                self.accepted[answer.json()["id"]] = time.time()

    def stop(self) -> None:
        """Stop submitting."""
        self._stopped.set()
        self._thread.join()
        self._client.close()


class Drill:
    """The services and processes, what is done to them, and what is measured."""

    def __init__(self, folder: Path, supervisor: Supervisor) -> None:
        self.folder, self.supervisor = folder, supervisor
        self.database, self.broker, self.cache = free_ports(3)
        self.url = f"postgresql://{USER}@{LOOPBACK}:{self.database}/{DATABASE}"
        self.broker_url = f"redis://{LOOPBACK}:{self.broker}/0"
        urls = {
            "DATABASE_URL": self.url,
            "BROKER_URL": self.broker_url,
            "CACHE_URL": f"redis://{LOOPBACK}:{self.cache}/0",
        }
        self.local = LocalSystem(folder / "data", Ports.free(), urls)

    def stores(self, number: int) -> None:
        """Start an empty database in a folder of its own, and an empty broker."""
        place = self.folder / f"stores{number}"
        place.mkdir()
        self.folder.chmod(0o711)  # PostgreSQL runs as another user, who has to get through
        self.supervisor.start(postgres(place, self.database))
        self.supervisor.wait(lambda: postgres_answers(self.database), READY_SECONDS, "PostgreSQL did not answer")
        self.start_broker()

    def start_broker(self) -> None:
        """Start an empty broker."""
        self.supervisor.start(redis_server("broker", self.folder, self.broker, "noeviction"))
        self.supervisor.wait(lambda: redis_answers(self.broker_url), READY_SECONDS, "The broker did not answer")

    def system(self) -> None:
        """Start API, worker and beat, and wait until jobs are taken."""
        for part in processes.workers(self.local):
            if part.name in ("api", "worker", "beat"):
                self.supervisor.start(part)
        self.supervisor.wait(self._answers, READY_SECONDS, "The API did not become ready")

    def kill(self, *names: str) -> None:
        """Kill processes with all their children, without a warning."""
        for name in names:
            self.supervisor.kill(name)

    def dump(self) -> Path:
        """Dump the database as the chart's backup does."""
        path = self.folder / "gravity.dump"
        run([postgres_binary("pg_dump"), "--format=custom", "--no-owner", f"--file={path}", self.url])
        run([postgres_binary("pg_restore"), "--list", str(path)])
        return path

    def restore(self, dump: Path) -> None:
        """Restore the dump as the guide does."""
        options = ["--clean", "--if-exists", "--no-owner", "--single-transaction"]
        run([postgres_binary("pg_restore"), *options, f"--dbname={self.url}", str(dump)])

    def states(self) -> dict[str, str]:
        """Return every job's state, read from the rows."""
        with psycopg.connect(self.url) as connection:
            return dict(connection.execute(STATES).fetchall())

    def all_ended(self) -> bool:
        """Wait until every job that there is has ended; False when one has not in time."""
        until = time.monotonic() + END_SECONDS
        while time.monotonic() < until:
            if set(self.states().values()) <= TERMINAL:
                return True
            self.supervisor.pause()
        return False

    def _answers(self) -> bool:
        try:
            return httpx2.get(f"{self.local.api}/health/ready", timeout=2).status_code == 200
        except httpx2.TransportError:
            return False


def run(command: list[str]) -> None:
    """Run a program; raise Fault with what it says when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Fault(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def lose_everything(drill: Drill, key: str, seconds: float) -> list[str]:
    """ProcessSpec 1: dump under load, lose database and broker, restore."""
    load = Load(drill.local.api, key)
    time.sleep(seconds)
    before_dump = time.time()
    dump = drill.dump()
    dumped_in = time.time() - before_dump
    time.sleep(seconds / 2)
    load.stop()
    promised = {job for job, at in load.accepted.items() if at < before_dump}
    lost_at = time.time()
    drill.kill("beat", "worker", "api", "broker", "postgres")

    began = time.monotonic()
    drill.stores(2)
    drill.restore(dump)
    drill.system()
    ready = time.monotonic() - began
    ended = drill.all_ended()
    over = time.monotonic() - began
    there = set(drill.states())
    missing = promised - there
    window = [job for job in load.accepted if job not in there]
    print("\n1. database and broker lost under load, restored from a dump")
    print(f"   accepted before the dump began     {len(promised):>8}")
    print(f"   of them there after the restore    {len(promised) - len(missing):>8}")
    print(f"   accepted after it, gone with it    {len(window):>8}")
    print(f"   RPO: age of the dump at the loss   {lost_at - before_dump:>8.1f} s (the dump took {dumped_in:.1f} s)")
    print(f"   RTO: until jobs are taken again    {ready:>8.1f} s (goal 900)")
    print(f"   until every restored job is over   {over:>8.1f} s")
    failures = [f"{len(missing)} jobs of before the dump are missing"] if missing else []
    return failures if ended else [*failures, "restored jobs did not end"]


def lose_the_broker(drill: Drill, key: str, seconds: float) -> list[str]:
    """ProcessSpec 2: lose the broker alone, with what is in it."""
    load = Load(drill.local.api, key)
    time.sleep(seconds)
    drill.kill("broker")
    time.sleep(2)  # jobs are accepted meanwhile
    began = time.monotonic()
    drill.start_broker()
    if "worker" not in drill.supervisor.running:
        drill.system()
    time.sleep(1)
    load.stop()
    ended = drill.all_ended()
    over = time.monotonic() - began
    states = drill.states()
    missing = [job for job in load.accepted if states.get(job) != "succeeded"]
    print("\n2. the broker lost under load, the database not")
    print(f"   accepted, also while it was away   {len(load.accepted):>8}")
    print(f"   of them succeeded                  {len(load.accepted) - len(missing):>8}")
    print(f"   RPO                                {0 if not missing else len(missing):>8}")
    print(f"   until every one of them was over   {over:>8.1f} s")
    failures = [f"{len(missing)} accepted jobs did not succeed"] if missing else []
    return failures if ended else [*failures, "jobs did not end"]


def main() -> int:
    """Hold the drill and print what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10.0, help="of load before each loss")
    seconds = parser.parse_args().seconds
    os.environ |= {"REQUESTS_PER_MINUTE": "0", "OPEN_JOBS_PER_OWNER": "0", "LOG_LEVEL": "WARNING"}
    os.environ |= {"LEASE_SECONDS": "10", "SWEEP_SECONDS": "5", "REPUBLISH_AFTER_SECONDS": "10"}
    print(f"drill of {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores")
    try:
        with (
            throwaway_folder("drill") as folder,
            Orchestrator(folder / "logs") as supervisor,
            emptied((drill := Drill(folder, supervisor)).local.data),
        ):
            prepare_folders(drill.local)
            supervisor.start(redis_server("cache", folder, drill.cache, "allkeys-lru"))
            drill.stores(1)
            supervisor.complete(processes.prepare(drill.local), 120)
            drill.system()
            key = drill.local.key_file.read_text().strip()
            failures = lose_everything(drill, key, seconds) + lose_the_broker(drill, key, seconds)
    except Fault as fault:
        failures = [str(fault)]
    for failure in failures:
        print(f"FAILED: {failure}")
    print("\ndrill: nothing that was promised is lost" if not failures else "\ndrill: FAILED")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
