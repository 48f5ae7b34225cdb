"""The embedded default on a disk that runs full: what writes is refused, what reads goes on, nothing ends."""

import contextlib
import itertools
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from gravity.local import metrics_folder
from tests.bars import random_walk
from tests.chaos.test_what_a_crash_leaves import upload_many
from tests.e2e.conftest import Running, started
from tests.e2e.test_the_whole_path import body

SIZE_MB = 320
FULL_SECONDS = 25
PAUSE_SECONDS = 0.5  # what is refused is asked often enough, and the others have the core meanwhile


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of the test's own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(folder)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"a disk of one's own needs root: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def system(disk: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A system on it, its metrics included, with short leases."""
    monkeypatch.setattr(metrics_folder, "MEMORY", disk / "none")
    for name, value in {"LEASE_SECONDS": "6", "SWEEP_SECONDS": "2", "REPUBLISH_AFTER_SECONDS": "6"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with started(disk / "system", flower=True) as system:
        yield system


def fill(disk: Path) -> Path:
    """Leave no byte free."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)
    return filler


def series(seed: int) -> dict[str, object]:
    """Return a body of about a megabyte."""
    walk = random_walk(20_000, seed=seed)
    columns = {name: getattr(walk, name).tolist() for name in ("open", "high", "low", "close", "volume")}
    bars = {"time": [int(ns) // 1_000_000 for ns in walk.time], **columns}
    return {"symbol": "LARGE", "timeframe": "1d", "adjustment": "raw", "bars": bars}


def test_nothing_ends_on_a_full_disk_and_all_goes_on_with_room(system: Running, disk: Path) -> None:
    symbols = upload_many(system, 40, 5_000)
    many = {"symbols": symbols, "timeframe": "1d", "analyses": ["all"], "output": 100, "reuse": False}
    with system.client() as client:
        over = system.finished(client.submit({"analyses": ["rsi"], "bars": body()}))
        under_way = client.submit(many)
    filler = fill(disk)
    refused: list[httpx2.Response] = []
    with system.http() as http:
        until = time.monotonic() + FULL_SECONDS
        for seed in itertools.count():
            if time.monotonic() > until and refused:
                break
            fill(disk)  # whatever was given free meanwhile
            answer = http.post("/api/v1/series", json=series(seed))
            assert answer.status_code in (200, 201, 503), answer.text
            refused += [answer] if answer.status_code == 503 else []
            for route in ("/api/v1/catalog", f"/api/v1/jobs/{over['id']}", f"/api/v1/jobs/{over['id']}/result"):
                assert http.get(route).status_code == 200, route
            assert http.get("/health/live").status_code == 200
            assert http.get("/metrics").status_code == 200
            system.supervisor.check()
            assert time.monotonic() < until + 60, "nothing was refused"
            time.sleep(PAUSE_SECONDS)
        assert {(one.json()["code"], one.headers["Retry-After"]) for one in refused} == {("disk_full", "60")}
        os.unlink(filler)
        assert http.post("/api/v1/series", json=series(0)).status_code in (200, 201)
    system.supervisor.check()
    assert system.finished(under_way)["state"] == "succeeded"
