"""Print how long a client waits from submitting a small job until it has the result, on an idle system.

Starts the local system in a temporary folder on free ports, as `make demo` does, and sends one job after another:
500 bars inline, three indicators, no reuse of stored results.
"""

import argparse
import json
import os
import random
import sys
import time
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx2

from gravity.local.client import TERMINAL
from gravity.local.environment import LocalSystem, Ports
from gravity.local.errors import Fault
from gravity.local.startup import running, throwaway_folder

WARM_UP_JOBS = 10
COLUMNS = 5  # of rsi, macd and atr
DAY_MS = 86_400_000
FIRST_MS = 1_500_000_000_000 // DAY_MS * DAY_MS


def inline_bars(count: int, seed: int) -> dict[str, Any]:
    """Return a random walk of daily bars in the API's column form."""
    draw = random.Random(seed)
    closes = [100.0]
    for _ in range(count):
        closes.append(max(1.0, closes[-1] * (1 + draw.gauss(0, 0.01))))
    pairs = list(pairwise(closes))
    return {
        "symbol": "WALK",
        "timeframe": "1d",
        "time": [FIRST_MS + day * DAY_MS for day in range(count)],
        "open": [before for before, _ in pairs],
        "high": [max(pair) * 1.005 for pair in pairs],
        "low": [min(pair) * 0.995 for pair in pairs],
        "close": [after for _, after in pairs],
        "volume": [float(draw.randrange(1_000, 1_000_000)) for _ in pairs],
    }


def polled(client: httpx2.Client, body: bytes, pause_seconds: float) -> float:
    """Submit one job, poll it, and return the milliseconds until its end has been seen."""
    began = time.perf_counter()
    job = _answer(client.post("/api/v1/jobs", content=body), 202)
    while job["state"] not in TERMINAL:
        time.sleep(pause_seconds)
        job = _answer(client.get(job["links"]["self"]), 200)
    if job["state"] != "succeeded":
        raise Fault(f"Job {job['id']} ended {job['state']}.")
    return (time.perf_counter() - began) * 1000


def waited(client: httpx2.Client, body: bytes) -> float:
    """Ask for a result in one request that waits for it, and return the milliseconds until it was there."""
    began = time.perf_counter()
    answer = _answer(client.post("/api/v1/indicators/compute", content=body, headers={"Prefer": "wait=10"}), 200)
    seconds = time.perf_counter() - began
    if len(answer["columns"]) != COLUMNS:
        raise Fault(f"The result has {len(answer['columns'])} columns.")
    return seconds * 1000


def measure(jobs: int, bars: int, pause_seconds: float) -> tuple[list[float], list[float]]:
    """Run the jobs one after another, waiting and polling by turns, and return the times of both in milliseconds."""
    with throwaway_folder("latency") as folder:
        system = LocalSystem(folder, Ports.free(), {})
        # The limits of requests per minute are not what is measured here.
        os.environ["REQUESTS_PER_MINUTE"] = "1000000"
        with running(system):
            headers = {
                "Authorization": f"Api-Key {system.key_file.read_text().strip()}",
                "Content-Type": "application/json",
            }
            with httpx2.Client(base_url=system.api, headers=headers, timeout=20) as client:
                waits, polls = [], []
                for number in range(WARM_UP_JOBS + jobs):
                    # A client's own work on its bars is not what is measured either.
                    first, second = (body_of(bars, seed=2 * number + one) for one in (0, 1))
                    waits.append(waited(client, first))
                    polls.append(polled(client, second, pause_seconds))
    return waits[WARM_UP_JOBS:], polls[WARM_UP_JOBS:]


def body_of(bars: int, seed: int) -> bytes:
    """Return a job's body."""
    return json.dumps({"analyses": ["rsi", "macd", "atr"], "bars": inline_bars(bars, seed), "reuse": False}).encode()


def _answer(response: httpx2.Response, status: int) -> dict[str, Any]:
    if response.status_code != status:
        raise Fault(f"The answer was {response.status_code}.")
    answer: dict[str, Any] = response.json()
    return answer


def row(name: str, times: list[float]) -> str:
    """Return the measured percentiles as a row."""
    cuts = quantiles(times, n=100, method="inclusive")
    return f"{name:<34}{cuts[49]:>8.1f}{cuts[94]:>8.1f}{max(times):>8.1f}"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--bars", type=int, default=500)
    parser.add_argument("--pause-ms", type=float, default=2.0)
    options = parser.parse_args()
    try:
        waits, polls = measure(options.jobs, options.bars, options.pause_ms / 1000)
    except Fault as fault:
        print(f"latency: {fault}", file=sys.stderr)
        return 1
    print(f"submit → result seen, ms; {options.jobs} jobs of {options.bars} bars each way, one after another")
    print(f"{'':<34}{'P50':>8}{'P95':>8}{'max':>8}")
    print(row("in one request that waits", waits))
    print(row(f"polled every {options.pause_ms:g} ms", polls))
    return 0


if __name__ == "__main__":
    sys.exit(main())
