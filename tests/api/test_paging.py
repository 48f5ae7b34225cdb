"""Every list ends where its rows end: a page that holds the last of them has no next one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from accounts.services.keys import create_key
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from market.services.store import store_series
from market.services.universes import put_universe
from scans.models import ScanRun
from tests.api.conftest import Caller
from tests.bars import random_walk
from tests.scans.test_tick import make

V1 = "/api/v1"
NOW = timezone.now()
COUNT = 6


def jobs(owner: AbstractUser) -> str:
    for _ in range(COUNT):
        submit(owner=owner, request=JobRequest(analyses=["rsi"], bars=random_walk(60)), now=NOW)
    return f"{V1}/jobs"


def result(owner: AbstractUser) -> str:
    symbols = [f"S{n}" for n in range(COUNT)]
    for n, symbol in enumerate(symbols):
        bars = random_walk(60, seed=n, symbol=symbol)
        store_series(owner=None, bars=bars, symbol=symbol, timeframe="1d", source="", adjustment="raw", now=NOW)
    job = submit(owner=owner, request=JobRequest(analyses=["rsi"], symbols=symbols), now=NOW)
    for chunk in Chunk.objects.filter(job=job).order_by("position"):
        run_chunk(chunk.pk, clock=timezone.now)
    return f"{V1}/jobs/{job.pk}/result"


def result_of_many_chunks(owner: AbstractUser) -> str:
    settings.CHUNK_TARGET_MILLISECONDS, before = 0.5, settings.CHUNK_TARGET_MILLISECONDS
    try:
        path = result(owner)
    finally:
        settings.CHUNK_TARGET_MILLISECONDS = before
    assert Job.objects.get().chunk_count > 1
    return path


def series(owner: AbstractUser) -> str:
    for n in range(COUNT // 2):
        for timeframe in ("1d", "1w"):
            bars = random_walk(9, symbol=f"A{n}", timeframe=timeframe)
            store_series(
                owner=owner, bars=bars, symbol=f"A{n}", timeframe=timeframe, source="", adjustment="raw", now=NOW
            )
    return f"{V1}/series"


def universes(owner: AbstractUser) -> str:
    for n in range(COUNT):
        put_universe(owner=owner, name=f"u{n}", symbols=["A"], now=NOW)
    return f"{V1}/universes"


def scans(owner: AbstractUser) -> str:
    for n in range(COUNT):
        make(owner, name=f"s{n}")
    return f"{V1}/scans"


def runs(owner: AbstractUser) -> str:
    scan = make(owner)
    for n in range(COUNT):
        ScanRun.objects.create(scan=scan, fire_at=NOW + timedelta(seconds=n), started_at=NOW)
    return f"{V1}/scans/{scan.name}/runs"


def keys(owner: AbstractUser) -> str:
    for n in range(COUNT - 1):  # the caller has one
        create_key(owner=owner, name=str(n), scopes=["read"], now=NOW)
    return f"{V1}/keys"


LISTS: dict[str, list[Callable[[AbstractUser], str]]] = {
    "/api/v1/jobs": [jobs],
    "/api/v1/jobs/{job_id}/result": [result, result_of_many_chunks],
    "/api/v1/keys": [keys],
    "/api/v1/scans": [scans],
    "/api/v1/scans/{name}/runs": [runs],
    "/api/v1/series": [series],
    "/api/v1/universes": [universes],
}
each_list = pytest.mark.parametrize("fill", [fill for fills in LISTS.values() for fill in fills])


def test_every_list_is_tried() -> None:
    schema = yaml.safe_load((settings.BASE_DIR / "docs" / "openapi.yaml").read_text())
    paged = {
        path
        for path, operations in schema["paths"].items()
        if any(one["name"] == "cursor" for one in operations.get("get", {}).get("parameters", []))
    }
    assert paged == set(LISTS)


@each_list
@pytest.mark.parametrize("limit", [COUNT, COUNT + 1])
def test_a_page_that_holds_the_last_row_has_no_next(api: Caller, owner: AbstractUser, fill: Any, limit: int) -> None:
    page = api.get(f"{fill(owner)}?limit={limit}").json()
    assert len(page["items"]) == COUNT
    assert page["next"] is None


def without_age(item: dict[str, Any]) -> dict[str, Any]:
    """What is answered, without the seconds that a job has lasted so far."""
    return {name: value for name, value in item.items() if name != "seconds"}


@each_list
@pytest.mark.parametrize("limit", [1, 3, 4])
def test_pages_after_one_another_are_the_whole_list(api: Caller, owner: AbstractUser, fill: Any, limit: int) -> None:
    path = fill(owner)
    whole = [without_age(item) for item in api.get(path).json()["items"]]
    found: list[Any] = []
    sizes: list[int] = []
    cursor = ""
    while cursor is not None:
        page = api.get(f"{path}?limit={limit}" + (f"&cursor={cursor}" if cursor else "")).json()
        found += [without_age(item) for item in page["items"]]
        sizes.append(len(page["items"]))
        cursor = page["next"]
    assert found == whole
    assert sizes == [limit] * (COUNT // limit) + ([COUNT % limit] if COUNT % limit else [])
