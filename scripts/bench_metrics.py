"""`make bench-metrics`: what metrics and the access log take of a request that is replayed, in CPU time."""

import os
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gravity.settings")
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
django.setup()

from ops import replays  # noqa: E402
from ops.collectors import CACHE_SECONDS  # noqa: E402

COUNT = 200_000
MOST_MICROSECONDS = 5.0
FACTS = {
    "method": "GET",
    "path": "/api/v1/jobs/x",
    "route": "/api/v1/jobs/<uuid:job_id>",
    "status_code": 200,
    "owner": 1,
}


def microseconds(call: Callable[[], object], count: int) -> float:
    """Return the CPU time of one of `count`, of all threads."""
    began = time.process_time()
    call()
    return (time.process_time() - began) / count * 1e6


def main() -> None:
    """Print what is spent while the client waits, and afterwards in the thread that counts and writes."""
    record = replays.Record(FACTS, asked_to_wait=False)
    told, sys.stderr = sys.stderr, open(os.devnull, "w")  # noqa: SIM115 - closed with the process

    def note() -> None:
        for _ in range(COUNT):
            record.add("0123456789abcdef0123456789abcdef", time.perf_counter())

    def both() -> None:
        note()
        replays.flush()

    whole = min(microseconds(both, COUNT) for _ in range(5))
    sys.stderr = told
    print(f"metrics and access log of a replay  {whole:6.2f} µs  (at most {MOST_MICROSECONDS:.0f})")
    print(f"figures of the database in /metrics  once in {CACHE_SECONDS:.0f} s, no request waits for them")


if __name__ == "__main__":
    main()
