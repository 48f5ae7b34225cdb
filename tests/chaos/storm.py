"""A system on PostgreSQL and Redis that is hurt while clients submit jobs to it.

    python -m tests.chaos.storm --jobs 5000

`make chaos` runs it whole, `make test` a small one. It prints a ledger and fails unless every accepted job ended,
every result is there once and equal to the undisturbed one, and nothing is left running.
"""

import argparse
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from gravity.local import processes
from gravity.local.client import answers
from gravity.local.environment import LocalSystem, Ports, prepare_folders
from gravity.local.errors import Fault
from gravity.local.metrics_folder import emptied, metrics_folder
from gravity.local.orchestrator import Orchestrator
from gravity.local.ports import LOOPBACK, free_ports
from gravity.local.process_spec import ProcessSpec
from gravity.local.services import DATABASE, USER, postgres, postgres_answers, redis_answers, redis_server
from gravity.local.startup import throwaway_folder
from tests.chaos import faults, ledger
from tests.chaos.clients import Clients, requests_over, upload
from tests.chaos.skew import library
from tests.ops.throwaway_postgresql import Way, way_to

READY_SECONDS = 60


@dataclass(frozen=True)
class Weather:
    """How much is submitted and how the system is set: the same ratios of times at every scale."""

    jobs: int = 5_000
    symbols: int = 10  # of which every request makes four chunks and more
    threads: int = 4
    rate: float = 14.0  # jobs a second
    pause_seconds: float = 5.0  # between two faults
    lease_seconds: int = 60
    sweep_seconds: int = 20
    settle_seconds: int = 600
    seed: int = 1
    kinds: tuple[str, ...] = tuple(faults.KINDS)


@dataclass
class Storm:
    """The running system, and what is needed to hurt and to heal it."""

    folder: Path
    local: LocalSystem
    supervisor: Orchestrator
    weather: Weather
    database_way: Way
    broker_way: Way
    survived: Counter[str] = field(default_factory=Counter)

    def part(self, name: str) -> ProcessSpec:
        """Return the part to start under this name; worker2 and beat2 are second ones."""
        kind = name.rstrip("0123456789")
        part = next(one for one in processes.workers(self.local) if one.name == kind)
        env = {**part.env, **self._by_ways(name)}
        if kind == "worker":
            host = ("--hostname", f"{name}@storm", "--concurrency", "2")
            env |= {"WORKER_METRICS_PORT": "0", "PROMETHEUS_MULTIPROC_DIR": str(self._metrics(name))}
            return ProcessSpec(name, (*part.command, *host), env)
        return ProcessSpec(name, part.command, env)

    @property
    def broker(self) -> str:
        """Return the broker's own address."""
        return self.local.chosen["BROKER_URL"]

    def _by_ways(self, name: str) -> dict[str, str]:
        """Return the addresses of a part that can lose its ways: the API's and the second worker's."""
        if name not in ("api", "worker2"):
            return {}
        changed = {"DATABASE_URL": f"postgresql://{USER}@{LOOPBACK}:{self.database_way.port}/{DATABASE}"}
        # The API waits for the broker's answer for longer than the clients for its own.
        if name == "worker2":
            changed["BROKER_URL"] = f"redis://{LOOPBACK}:{self.broker_way.port}/0"
        return changed

    def _metrics(self, name: str) -> Path:
        folder = metrics_folder(self.local.data) / name
        folder.mkdir(exist_ok=True)
        return folder

    def start(self, name: str) -> None:
        """Start a part again."""
        self.supervisor.start(self.part(name))

    def wait_for_api(self) -> None:
        """Wait until the API takes jobs."""
        self.supervisor.wait(lambda: answers(self.local.api), READY_SECONDS, "The API did not become ready")


def run(weather: Weather) -> int:
    """Let the storm pass and return 0 if nothing was lost, doubled or stuck."""
    with throwaway_folder("chaos") as folder:
        failures = _pass_through(weather, folder)
        left = ledger.processes_of(folder)
        if left:
            failures.append(f"processes left behind: {left}")
    for failure in failures:
        print(f"FAILED: {failure}")
    print("chaos: nothing lost, nothing doubled, nothing stuck" if not failures else "chaos: FAILED")
    return 1 if failures else 0


def _pass_through(weather: Weather, folder: Path) -> list[str]:
    database, broker, cache = free_ports(3)
    chosen = {
        "DATABASE_URL": f"postgresql://{USER}@{LOOPBACK}:{database}/{DATABASE}",
        "BROKER_URL": f"redis://{LOOPBACK}:{broker}/0",
        "CACHE_URL": f"redis://{LOOPBACK}:{cache}/0",
    }
    for name, value in {
        "LEASE_SECONDS": weather.lease_seconds,
        "SWEEP_SECONDS": weather.sweep_seconds,
        "REPUBLISH_AFTER_SECONDS": weather.lease_seconds,
        "CHUNK_TARGET_MILLISECONDS": 1,
        "QUEUE_WINDOW": 300,
        "DATABASE_STATEMENT_SECONDS": 10,
        "REQUESTS_PER_MINUTE": 1_000_000,
        "OPEN_JOBS_PER_OWNER": 0,
        "OVERLOADED_AFTER_SECONDS": 0,
        "LOG_LEVEL": "WARNING",
    }.items():
        os.environ[name] = str(value)
    local = LocalSystem(folder / "data", Ports.free(), chosen)
    prepare_folders(local)
    with (
        emptied(local.data),
        Orchestrator(folder / "logs") as supervisor,
        way_to(database) as database_way,
        way_to(broker) as broker_way,
    ):
        storm = Storm(folder, local, supervisor, weather, database_way, broker_way)
        supervisor.start(redis_server("broker", folder, broker, "noeviction"))
        supervisor.start(redis_server("cache", folder, cache, "allkeys-lru"))
        supervisor.start(postgres(folder, database))
        supervisor.wait(lambda: postgres_answers(database), READY_SECONDS, "PostgreSQL did not answer")
        supervisor.wait(lambda: redis_answers(chosen["BROKER_URL"]), READY_SECONDS, "Redis did not answer")
        supervisor.complete(processes.prepare(local), 120)
        for name in ("api", "worker1", "worker2", "beat"):
            storm.start(name)
        storm.wait_for_api()
        return _blow(storm)


def _blow(storm: Storm) -> list[str]:
    weather, began = storm.weather, time.monotonic()
    key = storm.local.key_file.read_text().strip()
    symbols = upload(storm.local.api, key, weather.symbols)
    bodies = requests_over(symbols)
    undisturbed = ledger.results(storm, key, [ledger.submitted(storm, key, body) for body in bodies], 120)
    clients = Clients(storm.local.api, key, bodies, weather.jobs, weather.threads, weather.rate)
    clients.start()
    chance = random.Random(weather.seed)
    kinds = list(weather.kinds)
    while clients.busy or storm.survived.total() < len(kinds):
        if not storm.survived.total() % len(kinds):
            chance.shuffle(kinds)  # every kind comes before any comes again
        kind = kinds[storm.survived.total() % len(kinds)]
        faults.KINDS[kind](storm, chance)
        storm.survived[kind] += 1
        storm.wait_for_api()
        _rest(storm, weather.pause_seconds)
    clients.join()
    submitted_after = time.monotonic() - began
    ledger.wait_until_over(storm, weather.settle_seconds)
    book = ledger.audit(storm, key, clients, bodies, undisturbed)
    book.print(storm.survived, submitted_after, time.monotonic() - began)
    if not library():
        print("left out     skew_clock: libfaketime was not found (apt install libfaketime)")
    print(f"restarted    {storm.supervisor.restarts.total()} workers or beats that ended by themselves")
    return book.failures


def _rest(storm: Storm, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        storm.supervisor.pause()


def main() -> int:
    """Read the command line and let the storm pass."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--jobs", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    try:
        return run(Weather(jobs=asked.jobs, seed=asked.seed))
    except Fault as fault:
        print(f"chaos: {fault}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
