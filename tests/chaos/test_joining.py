"""Fifty identical requests at the same moment are one computation, and all of them end with its result."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2

from tests.chaos.test_what_a_crash_leaves import kill_group, replace, rows, system, upload_many
from tests.e2e.conftest import Running
from tests.e2e.test_the_whole_path import body

__all__ = ["system"]

CROWD = 50


def begun(system: Running, job: dict[str, Any]) -> int:
    """Count how often workers have begun a chunk of jobs with this one's fingerprint."""
    jobs = f"SELECT id FROM jobs_job WHERE fingerprint = '{job['fingerprint']}'"
    moves = "SELECT count(*) FROM jobs_transition WHERE to_state = 'running' AND chunk_id IS NOT NULL"
    return int(rows(system, f"{moves} AND actor <> 'join' AND job_id IN ({jobs})")[0][0])


def submitted(system: Running, request: dict[str, Any]) -> list[dict[str, Any]]:
    """Submit the request from as many connections at once as there are in the crowd."""
    with system.http() as http, ThreadPoolExecutor(CROWD) as threads:

        def one(_: int) -> httpx2.Response:
            return http.post("/api/v1/jobs", json=request, timeout=60)

        answers = list(threads.map(one, range(CROWD)))
    assert {answer.status_code for answer in answers} == {202}, [answer.text for answer in answers if answer.is_error]
    return [answer.json() for answer in answers]


def test_a_crowd_of_identical_requests_is_computed_once(system: Running) -> None:
    jobs = submitted(system, {"analyses": ["rsi", "atr"], "bars": body(seed=71), "output": "all"})
    ended = [system.finished(job) for job in jobs]
    assert {job["state"] for job in ended} == {"succeeded"}
    assert sum(not job["reused"] for job in ended) == 1
    assert begun(system, ended[0]) == 1
    with system.http() as http:
        results = {http.get(f"/api/v1/jobs/{job['id']}/result").content for job in jobs}
    assert len(results) == 1


def test_all_of_them_end_when_the_leaders_worker_is_killed(system: Running) -> None:
    # Whose last bar is over: a result with an open one is nobody else's.
    symbols = upload_many(system, 20, 2_000)
    request = {"symbols": symbols, "timeframe": "1d", "analyses": ["all"], "output": "last"}
    # There is no worker before all of them are in: a fast one could be done with the first one's chunks by then.
    part, process = system.supervisor.running.pop("worker")
    kill_group(process)
    jobs = submitted(system, request)
    system.supervisor.start(part)
    mine = f"SELECT id FROM jobs_job WHERE fingerprint = '{jobs[0]['fingerprint']}'"
    running = f"SELECT count(*) FROM jobs_chunk WHERE state = 'running' AND job_id IN ({mine})"
    system.wait(lambda: rows(system, running)[0][0] > 0, 60, "Nothing ran")
    replace(system, "worker")
    assert rows(system, running)[0][0], "the worker was to be killed in the middle of its work"
    ended = [system.finished(job, 200) for job in jobs]
    assert {job["state"] for job in ended} == {"succeeded"}
    assert sum(not job["reused"] for job in ended) == 1
    assert {job["progress"]["done"] for job in ended} == {len(symbols)}
    chunks = ended[0]["progress"]["chunks"]
    assert chunks < begun(system, ended[0]) <= 2 * chunks
    assert rows(system, f"SELECT count(DISTINCT blob_id) FROM jobs_chunk WHERE job_id IN ({mine})")[0][0] == chunks
