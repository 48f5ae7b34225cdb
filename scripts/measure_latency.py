"""Print how long a client waits from submitting a small job until polling shows its result, on an idle system.

Starts the local system in a temporary folder on free ports, as `make demo` does, and sends one job after another:
500 bars inline, three indicators, no reuse of stored results.
"""

import argparse
import os
import random
import sys
import time
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx

from gravity.local.client import TERMINAL, Client
from gravity.local.environment import LocalSystem, Ports
from gravity.local.faults import Fault
from gravity.local.startup import running, throwaway_folder

WARM_UP_JOBS = 10
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


def wait_for_result(client: Client, body: dict[str, Any], pause_seconds: float) -> float:
    """Submit one job and return the milliseconds until its result has been seen."""
    began = time.perf_counter()
    job = client.submit(body)
    while job["state"] not in TERMINAL:
        time.sleep(pause_seconds)
        job = client.job(job["id"])
    if job["state"] != "succeeded":
        raise Fault(f"Job {job['id']} ended {job['state']}.")
    return (time.perf_counter() - began) * 1000


def waited_result(client: httpx.Client, body: dict[str, Any]) -> float:
    """Ask for a result in one request that waits for it, and return the milliseconds until it was there."""
    began = time.perf_counter()
    answer = client.post("/api/v1/indicators/compute", json=body, headers={"Prefer": "wait=10"})
    if answer.status_code != 200:
        raise Fault(f"The answer was {answer.status_code}.")
    return (time.perf_counter() - began) * 1000


def measure(jobs: int, bars: int, pause_seconds: float, *, waits: bool) -> list[float]:
    """Run the jobs one after another and return their times in milliseconds."""
    with throwaway_folder("latency") as folder:
        system = LocalSystem(folder, Ports.free(), {})
        # The limits of requests per minute are not what is measured here.
        os.environ["REQUESTS_PER_MINUTE"] = "1000000"
        with running(system), ExitStack() as stack:
            key, times = system.key_file.read_text().strip(), []
            client = stack.enter_context(Client(system.api, key))
            headers = {"Authorization": f"Api-Key {key}"}
            http = stack.enter_context(httpx.Client(base_url=system.api, headers=headers, timeout=20))
            for number in range(WARM_UP_JOBS + jobs):
                body = {"analyses": ["rsi", "macd", "atr"], "bars": inline_bars(bars, seed=number), "reuse": False}
                times.append(waited_result(http, body) if waits else wait_for_result(client, body, pause_seconds))
    return times[WARM_UP_JOBS:]


def table(times: list[float], bars: int, how: str) -> str:
    """Return the measured percentiles as a small table."""
    cuts = quantiles(times, n=100, method="inclusive")
    rows = (("P50", cuts[49]), ("P95", cuts[94]), ("max", max(times)))
    lines = [f"submit → result seen, {len(times)} jobs of {bars} bars, {how}"]
    return "\n".join([*lines, *(f"  {name}  {value:8.1f} ms" for name, value in rows)])


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--bars", type=int, default=500)
    parser.add_argument("--pause-ms", type=float, default=1.0)
    parser.add_argument("--wait", action="store_true", help="one request with Prefer: wait instead of polling")
    options = parser.parse_args()
    how = "in one request that waits" if options.wait else f"polled every {options.pause_ms:g} ms"
    try:
        times = measure(options.jobs, options.bars, options.pause_ms / 1000, waits=options.wait)
        print(table(times, options.bars, how))
    except Fault as fault:
        print(f"latency: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
