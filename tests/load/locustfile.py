"""Clients as there are: most submit a small job and poll it, some read results again, a few send many at once.

    export API_KEY=gta_… HOST=https://<your-domain>
    locust -f tests/load/locustfile.py --headless --users 10 --run-time 60s

The requests carry their own bars; with LOAD_SYMBOLS=AAPL,MSFT they name symbols that are stored there instead.
Headless, it fails when more than one request in a hundred does, or when the thresholds below are not kept.
"""

import os
import random
import sys
import time
from typing import Any

from locust import HttpUser, between, events, task

KEY = os.environ.get("API_KEY", "")
if not KEY:
    sys.exit("API_KEY is not set: manage.py create_api_key <user> prints one")
SYMBOLS = [symbol for symbol in os.environ.get("LOAD_SYMBOLS", "").split(",") if symbol]
DAY_MILLISECONDS, FIRST_DAY, BARS = 86_400_000, 19_723, 300
TERMINAL = {"succeeded", "partial", "failed", "cancelled"}
# Milliseconds that 95 of 100 requests keep below; of a whole round, what a client waits for its result.
THRESHOLDS = {"submit": 750, "poll": 250, "result": 250, "bulk of 20": 2_500, "submit to result": 2_000}


def walk() -> dict[str, Any]:
    """Return daily bars of nobody's, no two alike."""
    closes = [100.0]
    while len(closes) < BARS:
        closes.append(closes[-1] * (1 + random.gauss(0, 0.01)))
    times = [(FIRST_DAY + day) * DAY_MILLISECONDS for day in range(BARS)]
    opens = [closes[0], *closes[:-1]]
    highs = [max(pair) * 1.001 for pair in zip(opens, closes, strict=True)]
    lows = [min(pair) * 0.999 for pair in zip(opens, closes, strict=True)]
    columns = {"time": times, "open": opens, "high": highs, "low": lows, "close": closes, "volume": [1_000.0] * BARS}
    return {"timeframe": "1d", **columns}


def data(count: int) -> dict[str, Any]:
    """Return what a request is about: `count` of the symbols, or bars of its own."""
    return {"symbols": SYMBOLS[:count]} if SYMBOLS else {"bars": walk()}


class Client(HttpUser):
    """One client with pauses of a person's script."""

    host = os.environ.get("HOST")
    wait_time = between(0.05, 0.25)

    def on_start(self) -> None:
        """Show the key with every request."""
        self.client.headers["Authorization"] = f"Api-Key {KEY}"
        self.last: str | None = None

    @task(10)
    def submit_and_poll(self) -> None:
        """Submit one small job and poll until it is over."""
        began = time.perf_counter()
        body = {"analyses": [f"rsi({random.randint(2, 200)})"], "reuse": False, **data(1)}
        with self.client.post("/api/v1/jobs", json=body, name="submit", catch_response=True) as answer:
            if answer.status_code != 202:
                answer.failure(f"{answer.status_code}")
                return
            job: dict[str, Any] = answer.json()
        address = job["links"]["self"]
        while job["state"] not in TERMINAL and time.perf_counter() - began < 30:
            time.sleep(0.05)
            job = self.client.get(address, name="poll").json()
        took = (time.perf_counter() - began) * 1_000
        fault = None if job["state"] == "succeeded" else RuntimeError(job["state"])
        events.request.fire(
            request_type="job", name="submit to result", response_time=took, response_length=0, exception=fault
        )
        self.last = job["links"]["result"]

    @task(10)
    def read_again(self) -> None:
        """Read the last result once more."""
        if self.last:
            self.client.get(self.last, name="result")

    @task(1)
    def submit_many(self) -> None:
        """Submit twenty jobs in one request."""
        jobs = [{"analyses": ["macd"], "reuse": True, **data(len(SYMBOLS))}] * 20
        self.client.post("/api/v1/jobs/bulk", json={"jobs": jobs}, name="bulk of 20")


@events.quitting.add_listener
def judge(environment: Any, **_: Any) -> None:
    """Let the exit code tell whether the thresholds were kept."""
    stats = environment.stats
    late = [
        f"{name}: P95 {entry.get_response_time_percentile(0.95):.0f} ms, at most {limit}"
        for name, limit in THRESHOLDS.items()
        for entry in stats.entries.values()
        if entry.name == name and entry.num_requests and entry.get_response_time_percentile(0.95) > limit
    ]
    if stats.total.fail_ratio > 0.01:
        late.append(f"{stats.total.fail_ratio:.1%} of the requests failed")
    for line in late:
        print(f"threshold not kept: {line}")
    environment.process_exit_code = 1 if late else 0
