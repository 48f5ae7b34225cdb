"""A siege: hostile clients of every kind against one API process, and honest ones beside them.

    python -m tests.siege.siege --clients 200

`make siege` runs it whole, `make test` a small one. The system is that of `make run`, on the embedded default. Each
attack is first sent alone, for what one request costs, then by many clients at once. It prints a table and fails unless
every goal is kept.
"""

import argparse
import os
import secrets
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import httpx2

from gravity.local.client import Client
from gravity.local.environment import LocalSystem, Ports, environment
from gravity.local.errors import Fault
from gravity.local.startup import running, throwaway_folder
from gravity.local.supervisor import ROOT, Supervisor
from tests.siege import process
from tests.siege.attacks import HALF, WHOLE, Attack, attacks, mixed
from tests.siege.honest import JOB, Honest
from tests.siege.hostile import Hostile

ALONE = 20  # requests of which the cost of one is taken
FLAT_MEGABYTES = 40.0
HEAD = ("attack", "clients", "s", "requests", "answered", "live", "poll", "post", "posts", "MB", "ms", "MB one")


@dataclass(frozen=True)
class Goals:
    """What has to be kept; seconds are those of the slowest answer."""

    live_seconds: float = 1.0
    poll_seconds: float = 10.0  # the longest that honest clients wait; polls have to be served
    cpu_milliseconds: float = 50.0
    password_milliseconds: float = 250.0
    one_megabytes: float = 20.0


@dataclass(frozen=True)
class Plan:
    """How hard, how long, and what is asked for."""

    clients: int = 200
    seconds: float = 10.0
    requests: int = 100_000
    scale: float = 1.0
    goals: Goals = Goals()


@dataclass
class Siege:
    """The besieged process and what was found wanting."""

    plan: Plan
    local: LocalSystem
    pid: int
    key: str
    job: str
    failures: list[str]

    def lay(self, attack: Attack) -> None:
        """Send one attack alone and by everybody, and print its line."""
        cost, size = self._alone(attack) if attack.mode == WHOLE else (None, None)
        before, cpu = process.memory(self.pid), process.cpu_seconds(self.pid)
        with Honest(self.local.api, self.key, self.job) as honest:
            seen = Hostile(self.local.ports.api, attack, self.plan.clients, self.plan.seconds).seen()
        if attack.mode != WHOLE:
            cost = (process.cpu_seconds(self.pid) - cpu) * 1_000 / max(seen.total(), 1)
        self._print(attack.name, self.plan.seconds, seen, honest, before, cost, size)
        self.judge(attack, honest, cost, size)

    def outlast(self, attack: Attack) -> None:
        """Send as many requests as the plan says, of all kinds; the first tenth is what memory is compared with."""
        began = time.monotonic()
        with Honest(self.local.api, self.key, self.job) as honest:
            seen = Hostile(self.local.ports.api, attack, self.plan.clients, 3_600, self.plan.requests / 10).seen()
            before = process.memory(self.pid)
            seen += Hostile(self.local.ports.api, attack, self.plan.clients, 36_000, self.plan.requests * 0.9).seen()
        self._print(attack.name, time.monotonic() - began, seen, honest, before, None, None)
        self.judge(attack, honest, None, None)
        grown = process.memory(self.pid) - before
        if grown > FLAT_MEGABYTES:
            self.failures.append(f"memory grew by {grown:.0f} MB in {seen.total():,} requests")

    def _alone(self, attack: Attack) -> tuple[float, float]:
        """Return the milliseconds and the megabytes of the dearest of its requests, each sent alone, one at a time."""
        milliseconds, megabytes = 0.0, 0.0
        # Once without looking: what is loaded only once belongs to nobody's request.
        Hostile(self.local.ports.api, attack, 1, 60, len(attack.requests)).seen()
        for one in attack.requests:
            single = Attack(attack.name, (one,), sources=attack.sources)
            process.forget_peak(self.pid)
            before, cpu = process.memory(self.pid), process.cpu_seconds(self.pid)
            count = ALONE if attack.anonymous else 2
            seen = Hostile(self.local.ports.api, single, 1, 60, count).seen()
            spent = (process.cpu_seconds(self.pid) - cpu) * 1_000 / max(seen.total(), 1)
            milliseconds = max(milliseconds, spent)
            megabytes = max(megabytes, process.memory(self.pid, "VmHWM") - before)
        return milliseconds, megabytes

    def _print(
        self,
        name: str,
        seconds: float,
        seen: Counter[str],
        honest: Honest,
        before: float,
        cost: float | None,
        size: float | None,
    ) -> None:
        answered = " ".join(f"{status}×{count}" for status, count in seen.most_common(4))
        posts = honest.answers["post"]
        cells = (
            *(name, str(self.plan.clients), f"{seconds:.0f}", f"{seen.total():,}", answered),
            *(f"{honest.slowest[one] * 1_000:.0f} ms" for one in ("live", "poll", "post")),
            f"{posts['202'] + posts['200']} of {posts.total()}",
            f"{before:.0f} → {process.memory(self.pid):.0f}",
            *("–" if one is None else f"{one:.1f}" for one in (cost, size)),
        )
        row(cells)

    def judge(self, attack: Attack, honest: Honest, cost: float | None, size: float | None) -> None:
        """Write down every goal that was not kept: by honest clients' answers, and by what one request cost."""
        goals, wanting = self.plan.goals, []
        if honest.slowest["live"] > goals.live_seconds:
            wanting.append(f"/health/live took {honest.slowest['live']:.2f} s")
        if honest.slowest["poll"] > goals.poll_seconds:
            wanting.append(f"a poll took {honest.slowest['poll']:.2f} s")
        for name in ("live", "poll"):
            if set(honest.answers[name]) != {"200"}:
                wanting.append(f"{name} was answered {dict(honest.answers[name])}")
        most = goals.password_milliseconds if "password" in attack.name else goals.cpu_milliseconds
        if attack.anonymous and cost is not None and cost > most:
            wanting.append(f"one request costs {cost:.0f} ms")
        if attack.anonymous and size is not None and size > goals.one_megabytes:
            wanting.append(f"one request takes {size:.0f} MB")
        if attack.mode == HALF and set(honest.answers["post"]) - {"200", "202"}:
            wanting.append(f"posts were answered {dict(honest.answers['post'])}")
        self.failures += [f"{attack.name}: {one}" for one in wanting]


def row(cells: tuple[str, ...]) -> None:
    """Print one line of the table."""
    print(f"| {' | '.join(cells)} |", flush=True)


def run(plan: Plan, only: str = "") -> int:
    """Lay siege; return 0 if every goal was kept."""
    os.environ |= {"LOG_LEVEL": "WARNING", "OPEN_JOBS_PER_OWNER": "0"}
    failures: list[str] = []
    try:
        with throwaway_folder("siege") as folder:
            local = LocalSystem(folder, Ports.free(), {})
            with running(local) as supervisor:
                siege = begin(plan, local, supervisor, failures)
                hostile = key_of_another(local)
                row(HEAD)
                row(("---",) * len(HEAD))
                for attack in attacks(hostile, scale=plan.scale):
                    if only in attack.name:
                        siege.lay(attack)
                if plan.requests and not only:
                    siege.outlast(mixed(hostile))
                supervisor.check()
    except Fault as fault:
        failures.append(str(fault))
    for failure in failures:
        print(f"FAILED: {failure}")
    print("siege: withstood" if not failures else "siege: FAILED")
    return 1 if failures else 0


def begin(plan: Plan, local: LocalSystem, supervisor: Supervisor, failures: list[str]) -> Siege:
    """Return the siege of a running system, with a finished job to poll for."""
    key = local.key_file.read_text().strip()
    with Client(local.api, key) as client:
        job = client.follow(client.submit(JOB), supervisor.check, 60)
    for _ in range(20):  # once round, so that nothing is measured that is loaded only once
        httpx2.get(f"{local.api}/health/live")
    return Siege(plan, local, supervisor.running["api"][1].pid, key, job["links"]["self"], failures)


def key_of_another(local: LocalSystem) -> str:
    """Return a key of an owner who is not the honest one."""
    env = {**environment(local), "DJANGO_SUPERUSER_PASSWORD": secrets.token_hex()}
    said = ""
    for command in (
        ("createsuperuser", "--noinput", "--username", "hostile", "--email", "hostile@example.org"),
        ("create_api_key", "hostile"),
    ):
        told = [sys.executable, "manage.py", *command]
        said = subprocess.run(told, env=env, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return said.split()[-1]


def main() -> int:
    """Read the command line and lay siege."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, default=Plan.clients)
    parser.add_argument("--seconds", type=float, default=Plan.seconds, help="of each attack")
    parser.add_argument("--requests", type=int, default=Plan.requests, help="of all kinds, at the end")
    parser.add_argument("--only", default="", help="attacks whose name has this in it")
    asked = parser.parse_args()
    print(f"siege of one API process, {asked.clients} clients, {os.cpu_count()} cores, {Path(sys.executable).name}")
    return run(Plan(asked.clients, asked.seconds, asked.requests), asked.only)


if __name__ == "__main__":
    sys.exit(main())
