"""What an API process needs to answer the largest results that are let in, in every form: a pod has 1,536 MiB."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.utils import timezone

from analysis import Plan
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from tests.api.server import Address, client_of, served
from tests.api.test_result_forms import CSV, NDJSON, PARQUET
from tests.bars import random_walk

JSON = "application/json"
# Above what it had before the request, at its peak: 165 at most were measured, 64 of them the columns themselves.
# Before there was a limit, one answer took 1,800.
MOST_MIB = 300
# psycopg is sent stored bytes as text of twice their length, beside the bytes that it makes of them.
TEXT_MIB = 100
BARS = 100_000

pytestmark = pytest.mark.django_db(transaction=True)


def mib(address: Address, name: str) -> float:
    """VmRSS or VmHWM of the process that answers."""
    return int(next(line for line in status(address) if line.startswith(name)).split()[1]) / 1024


def status(address: Address) -> list[str]:
    (child,) = Path(f"/proc/{address.pid}/task/{address.pid}/children").read_text().split()
    return Path(f"/proc/{child}/status").read_text().splitlines()


def forget_peak(address: Address) -> None:
    (child,) = Path(f"/proc/{address.pid}/task/{address.pid}/children").read_text().split()
    Path(f"/proc/{child}/clear_refs").write_text("5")


def computed(owner: AbstractUser, analyses: list[str], output: int) -> Job:
    request = JobRequest(analyses=analyses, bars=random_walk(BARS, timeframe="1m"), output=output)
    job = submit(owner=owner, request=request, now=timezone.now())
    run_chunk(Chunk.objects.get(job=job).pk, clock=timezone.now)
    job.refresh_from_db()
    assert job.state == "succeeded"
    return job


def most_bars(analyses: list[str]) -> int:
    size = Plan.parse(analyses).result_size
    return min(BARS, int((settings.RESULT_MAX_BYTES - size.fixed_bytes) / size.bar_bytes))


@pytest.fixture
def largest(owner: AbstractUser, broker: object, settings: Any) -> list[tuple[str, Job]]:
    """The most columns, the most events, and as much of both as is let in."""
    settings.WORKER_MEMORY_MB = 0
    columns = [f"c{n} = close + {n}" for n in range(82)]
    found = []
    for name, analyses in (("columns", columns), ("events", ["candlesticks"]), ("all", ["all"])):
        job = computed(owner, analyses, most_bars(analyses))
        found.append((name, job))
    return found


def asked(http: httpx2.Client, job: Job, form: str, query: str) -> int:
    """Read an answer as it comes, and return its bytes, or its status if it is a problem."""
    with http.stream("GET", f"/api/v1/jobs/{job.pk}/result{query}", headers={"Accept": form}) as answer:
        size = sum(map(len, answer.iter_raw(1 << 16)))
        return size if answer.status_code == 200 else -answer.status_code


def test_the_largest_results_take_a_bounded_amount(
    largest: list[tuple[str, Job]], owner: AbstractUser, cache: object, tmp_path: Path
) -> None:
    queries: list[tuple[str, str]] = [
        (JSON, ""),
        (JSON, "?rows=3000"),
        (JSON, "?last=1"),
        (NDJSON, ""),
        (CSV, ""),
        (CSV, "?table=events"),
        (PARQUET, ""),
    ]
    peaks = []
    print(f"{'result':8} {'form':36} {'query':14} {'MB sent':>8} {'before':>7} {'peak':>7} {'after':>7}  MiB")
    with (
        served(tmp_path, threads=16, RESULT_FILE_MAX_BYTES=str(10**9)) as address,
        client_of(address, owner) as http,
    ):
        http.timeout = 120
        for name, job in largest:
            for form, query in queries:
                before = mib(address, "VmRSS")
                forget_peak(address)
                sent = asked(http, job, form, query)
                peak, after = mib(address, "VmHWM"), mib(address, "VmRSS")
                peaks.append(peak - before)
                told = f"{sent / 1e6:8.1f}" if sent >= 0 else f"{-sent:8}"
                print(f"{name:8} {form:36} {query:14} {told} {before:7.0f} {peak:7.0f} {after:7.0f}")
        before = mib(address, "VmRSS")
        forget_peak(address)
        forms = [form for form, query in queries if not query] * 2
        with ThreadPoolExecutor(len(forms)) as readers:
            crowd = list(readers.map(lambda form: asked(http, largest[0][1], form, ""), forms))
        together = mib(address, "VmHWM")
        print(f"{len(forms)} at once, {sum(sent > 0 for sent in crowd)} answered: {before:.0f} → {together:.0f} MiB")
    assert max(peaks) < MOST_MIB + (TEXT_MIB if connection.vendor == "postgresql" else 0)
    assert -503 in crowd
    assert together - before < settings.RESULT_READ_PLACES * MOST_MIB
