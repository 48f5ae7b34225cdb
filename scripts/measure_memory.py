"""Print what a worker takes of memory: its parent, and its largest child after many runs of everything with all models.

Starts the local system in a temporary folder on free ports, as `make demo` does, and gives it one job after another:
every analysis of the catalogue and what all models answer, over one of the demo's series, as many runs for each child.
Private is what a process has for itself, PSS its part of what is shared as well. With --strict the exit code says
whether every goal is met. Linux's /proc is needed.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx2

from gravity.local.environment import LocalSystem, Ports
from gravity.local.errors import Fault
from gravity.local.startup import running, throwaway_folder
from ml.family import FAMILIES

ANALYSES = ["all", *FAMILIES, "expected_range"]
SYMBOLS = ("SPX", "IXIC", "AAPL", "MSFT")
CHILDREN = 2  # as the local system and the chart have
SETTLE_SECONDS = 2.0  # a child that has nothing to do gives back what it does not need
GOALS_MB = {("parent", "Rss"): 400.0, ("child", "Private"): 60.0, ("child", "Pss"): 140.0}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--strict", action="store_true")
    options = parser.parse_args()
    try:
        rows = dict(measured(options.runs))
    except Fault as fault:
        print(f"memory: {fault}", file=sys.stderr)
        return 1
    print(f"MB of a worker with all models; runs are of {', '.join(ANALYSES)} over one series")
    print(f"{'':<28}{'Rss':>8}{'Pss':>8}{'Private':>9}")
    for name, figures in rows.items():
        print(f"{name:<28}{figures['Rss']:>8.1f}{figures['Pss']:>8.1f}{figures['Private']:>9.1f}")
    met = True
    for (part, kind), goal in GOALS_MB.items():
        figure = rows[f"{part}, {options.runs} runs"][kind]
        met &= figure <= goal
        print(f"{part}: {kind} {figure:.1f} (goal ≤ {goal:g}{'' if figure <= goal else ': missed'})")
    return 0 if met or not options.strict else 1


def measured(runs: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield what parent and child hold before the first run, after it, and after the last."""
    os.environ |= {"WORKER_CONCURRENCY": str(CHILDREN), "REQUESTS_PER_MINUTE": "1000000"}
    with throwaway_folder("memory") as folder:
        system = LocalSystem(folder, Ports.free(), {})
        with running(system) as supervisor:
            parent = supervisor.running["worker"][1].pid
            headers = {"Authorization": f"Api-Key {system.key_file.read_text().strip()}"}
            with httpx2.Client(base_url=system.api, headers=headers, timeout=120) as client:
                for run in range(runs + 1):
                    if run in (0, 1, runs):
                        time.sleep(SETTLE_SECONDS)
                        name = f"{run} run{'s' * (run != 1)}"
                        yield f"parent, {name}", memory(parent)
                        yield f"child, {name}", max(map(memory, children_of(parent)), key=lambda one: one["Private"])
                    if run < runs:
                        for _ in range(CHILDREN):
                            asked(client, SYMBOLS[run % len(SYMBOLS)])


def asked(client: httpx2.Client, symbol: str) -> None:
    """Have one job done."""
    body = {"symbols": [symbol], "analyses": ANALYSES, "output": 100, "reuse": False}
    response = client.post("/api/v1/jobs", json=body)
    if response.is_error:
        raise Fault(f"The answer was {response.status_code}: {response.text[:300]}")
    job: dict[str, Any] = response.json()
    while job["state"] not in ("succeeded", "partial", "failed", "cancelled"):
        job = client.get(f"{job['links']['self']}?wait=30").json()
    if job["state"] != "succeeded":
        raise Fault(f"Job {job['id']} ended {job['state']}: {job['reason']}")


def children_of(parent: int) -> list[int]:
    """Return the processes of the pool."""
    return [int(one) for one in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def memory(pid: int) -> dict[str, float]:
    """Return what a process holds, in MB: resident, its part of it, and what is its own."""
    found: dict[str, float] = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, rest = line.partition(":")
        found[name] = int(rest.split()[0]) * 1_024 / 1e6
    return {"Rss": found["Rss"], "Pss": found["Pss"], "Private": found["Private_Clean"] + found["Private_Dirty"]}


if __name__ == "__main__":
    sys.exit(main())
