"""Kill what can be killed, lose what can be lost: every accepted job still ends, each chunk stored once."""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.bars import random_walk
from tests.e2e.conftest import Running, started
from tests.e2e.test_the_whole_path import body


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A system of the file's own with short leases, so that recovery is seen within the test; each leaves it whole."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "LEASE_SECONDS": "4",
            "SWEEP_SECONDS": "2",
            "REPUBLISH_AFTER_SECONDS": "4",
            "SCAN_TICK_SECONDS": "2",
        }.items():
            patch.setenv(name, value)
        with started(Path(tmp_path_factory.mktemp("system"))) as system:
            yield system


def rows(system: Running, query: str) -> list[tuple[Any, ...]]:
    """Read the system's database from outside."""
    url = system.local.chosen.get("DATABASE_URL")
    if url:
        with psycopg.connect(url) as connection:
            return list(connection.execute(query))
    connection = sqlite3.connect(system.local.data / "gravity.sqlite3", timeout=20)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def write(system: Running, statement: str) -> None:
    """Write to the system's database from outside."""
    url = system.local.chosen.get("DATABASE_URL")
    if url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)
        return
    connection = sqlite3.connect(system.local.data / "gravity.sqlite3", timeout=20, isolation_level=None)
    connection.execute(statement)
    connection.close()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def replace(system: Running, name: str) -> None:
    """Kill a part with all its children, with no chance to tidy up, and start it again."""
    part, process = system.supervisor.running.pop(name)
    kill_group(process)
    system.supervisor.start(part)


def upload_many(system: Running, count: int, bars: int) -> list[str]:
    symbols = [f"S{n:03d}" for n in range(count)]
    with system.http() as http:
        for n, symbol in enumerate(symbols):
            walk = random_walk(bars, seed=n)
            answer = http.post(
                "/api/v1/series",
                json={
                    "symbol": symbol,
                    "timeframe": "1d",
                    "adjustment": "raw",
                    "bars": {
                        "time": [int(ns) // 1_000_000 for ns in walk.time],
                        **{k: getattr(walk, k).tolist() for k in ("open", "high", "low", "close", "volume")},
                    },
                },
            )
            assert answer.status_code in (200, 201), answer.text
    return symbols


def test_two_beats_make_one_run_per_fire_time(system: Running) -> None:
    beat = system.part("beat")
    second = type(beat)("beat2", beat.command, beat.env)
    system.supervisor.start(second)
    made = "SELECT fire_at, count(*) FROM scans_scanrun GROUP BY scan_id, fire_at"
    for count in range(1, 4):
        write(system, "UPDATE scans_scan SET next_fire_at = CURRENT_TIMESTAMP")
        system.wait(lambda count=count: len(rows(system, made)) >= count, 60, "Nobody fired")
        time.sleep(5)  # in which the other beat looks twice
    runs = rows(system, made)
    assert len(runs) >= 2
    assert {count for _, count in runs} == {1}
    # The first test of the system: nobody else has made a job.
    jobs = rows(system, "SELECT count(*) FROM jobs_job")[0][0]
    assert jobs == sum(count for _, count in runs)
    kill_group(system.supervisor.running.pop("beat2")[1])


def test_a_broker_that_is_lost_loses_no_job(system: Running) -> None:
    part, process = system.supervisor.running.pop("broker")
    kill_group(process)
    with system.http() as http:
        began = time.monotonic()
        answer = http.post("/api/v1/jobs", json={"analyses": ["rsi"], "bars": body()})
        assert answer.status_code == 202, answer.text
        assert time.monotonic() - began < 5
        assert http.get("/health/ready").status_code == 200
        health = http.get("/health")
        assert (health.status_code, health.json()["status"]) == (200, "degraded")
    for file in (system.local.data / "broker").rglob("*"):
        if file.is_file():
            file.unlink()
    system.supervisor.start(part)
    assert system.finished(answer.json(), 200)["state"] == "succeeded"


def test_a_killed_workers_chunks_run_again_and_are_stored_once(system: Running) -> None:
    symbols = upload_many(system, 60, 5_000)
    with system.client() as client:
        job = client.submit({"symbols": symbols, "timeframe": "1d", "analyses": ["all"], "output": "last"})
    mine = f"job_id IN ('{job['id']}', '{job['id'].replace('-', '')}')"  # as PostgreSQL and as SQLite write it
    running = f"SELECT count(*) FROM jobs_chunk WHERE state = 'running' AND {mine}"
    system.wait(lambda: rows(system, running)[0][0] > 0, 60, "Nothing ran")
    replace(system, "worker")
    assert rows(system, running)[0][0], "the worker was to be killed in the middle of its work"
    job = system.finished(job, 200)
    assert (job["state"], job["progress"]["done"]) == ("succeeded", len(symbols))
    again = rows(system, f"SELECT count(*) FROM jobs_chunk WHERE attempt > 1 AND {mine}")[0][0]
    assert again >= 1
    moves = f"SELECT chunk_id, count(*) FROM jobs_transition WHERE to_state = 'succeeded' AND {mine}"
    finishes = rows(system, f"{moves} GROUP BY chunk_id, job_id")
    assert {count for chunk_id, count in finishes if chunk_id is not None} == {1}
    stored = f"SELECT count(*), count(DISTINCT blob_id) FROM jobs_chunk WHERE blob_id IS NOT NULL AND {mine}"
    chunks = rows(system, f"SELECT count(*) FROM jobs_chunk WHERE {mine}")[0][0]
    assert rows(system, stored)[0] == (chunks, chunks)
