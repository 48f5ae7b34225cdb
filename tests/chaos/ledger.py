"""The audit after a storm: what was accepted, what became of it, and whether it is what it should be."""

import json
import os
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any

import httpx2
import psycopg

from gravity.local.client import Client
from jobs.states import CHUNK_ALLOWED, JOB_ALLOWED, State
from tests.chaos.clients import Clients

if TYPE_CHECKING:
    from tests.chaos.storm import Storm

OVER = "('succeeded', 'partial', 'failed', 'cancelled')"


def rows(storm: "Storm", query: str) -> list[tuple[Any, ...]]:
    """Read the system's database from outside."""
    with psycopg.connect(storm.local.chosen["DATABASE_URL"]) as connection:
        return list(connection.execute(query))  # type: ignore[arg-type]


def submitted(storm: "Storm", key: str, body: dict[str, Any]) -> str:
    """Submit a job without haste and return its id."""
    with Client(storm.local.api, key) as client:
        job_id: str = client.submit(body)["id"]
        return job_id


def results(storm: "Storm", key: str, jobs: Sequence[str], seconds: float) -> list[str]:
    """Return what the jobs answered as digests, once they are over."""
    with Client(storm.local.api, key) as client:
        for job_id in jobs:
            client.follow(client.job(job_id), storm.supervisor.check, seconds)
        return [digest(list(client.items(job_id))) for job_id in jobs]


def digest(items: Sequence[dict[str, Any]]) -> str:
    """Return a hash of what was computed; how long it took is left out."""
    kept = [{name: value for name, value in item.items() if name != "timings_ms"} for item in items]
    return sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def wait_until_over(storm: "Storm", seconds: float) -> None:
    """Wait until no job is open or the time is up; the audit tells which."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not rows(storm, f"SELECT 1 FROM jobs_job WHERE state NOT IN {OVER} LIMIT 1"):
            return
        storm.supervisor.pause()
        time.sleep(0.5)


@dataclass
class Book:
    """The figures, and what is wrong with them."""

    submitted: int
    repeated: int
    states: Counter[str]
    chunks: int
    compared: int = 0
    lost: int = 0
    doubled: int = 0
    stuck: int = 0
    recoveries: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def print(self, survived: Counter[str], submitting: float, whole: float) -> None:
        """Print the ledger."""
        print(f"submitted    {self.submitted} jobs in {submitting:.0f} s, {self.repeated} answered again by their key")
        print(
            f"terminal     {sum(self.states.values())}: {dict(self.states)}, {self.chunks} chunks, {whole:.0f} s in all"
        )
        print(f"faults       {survived.total()}: {dict(survived)}")
        print(f"compared     {self.compared} results with the undisturbed run")
        print(f"lost {self.lost}   doubled {self.doubled}   stuck {self.stuck}")
        if len(self.recoveries) > 1:
            cuts = quantiles(self.recoveries, n=20, method="inclusive")
            shown = f"median {cuts[9]:.1f} s, 95 % {cuts[18]:.1f} s, most {max(self.recoveries):.1f} s"
            print(f"taken back   {len(self.recoveries)} chunks of lost workers; running again: {shown}")


def audit(
    storm: "Storm", key: str, clients: Clients, bodies: Sequence[dict[str, Any]], undisturbed: Sequence[str]
) -> Book:
    """Compare what clients were promised with what is stored and what is answered."""
    stored = dict(rows(storm, "SELECT id::text, idempotency_key FROM jobs_job WHERE idempotency_key LIKE 'storm-%'"))
    keyed = "job_id IN (SELECT id FROM jobs_job WHERE idempotency_key LIKE 'storm-%')"
    states = Counter(
        dict(rows(storm, "SELECT state, count(*) FROM jobs_job WHERE idempotency_key LIKE 'storm-%' GROUP BY state"))
    )
    book = Book(
        submitted=len(clients.accepted),
        repeated=clients.repeated,
        states=states,
        chunks=rows(storm, f"SELECT count(*) FROM jobs_chunk WHERE {keyed}")[0][0],
    )
    book.failures += clients.failed
    book.lost = sum(stored.get(job_id) != name for name, job_id in clients.accepted.items())
    book.stuck = sum(count for state, count in states.items() if state not in {"succeeded", "partial", "failed"})
    finishes = f"SELECT chunk_id FROM jobs_transition WHERE chunk_id IS NOT NULL AND to_state = 'succeeded' AND {keyed}"
    book.doubled = rows(
        storm, f"SELECT count(*) FROM (SELECT 1 FROM ({finishes}) f GROUP BY chunk_id HAVING count(*) > 1) d"
    )[0][0]
    book.doubled += len(stored) - len(set(stored.values()))
    if unlike := {state: count for state, count in states.items() if state != "succeeded"}:
        book.failures.append(f"jobs that did not succeed: {unlike}")
        book.failures += _reasons(storm)
    book.failures += [f"{name}: {n}" for name in ("lost", "doubled", "stuck") if (n := getattr(book, name))]
    book.failures += _illegal(storm)
    _compare(storm, key, clients, undisturbed, book)
    book.recoveries = _recoveries(storm)
    return book


def _reasons(storm: "Storm") -> list[str]:
    """Return of the first chunks with something that failed what is known of it, their moves included."""
    odd = "state IN ('failed', 'cancelled') OR (state = 'succeeded' AND ok_count < item_count)"
    columns = "id, state, attempt, error_code, failures::text, right(error_detail, 500)"
    told = []
    for chunk_id, *known in rows(storm, f"SELECT {columns} FROM jobs_chunk WHERE {odd} ORDER BY id LIMIT 5"):
        moves = f"SELECT at::text, to_state, actor, reason FROM jobs_transition WHERE chunk_id = {chunk_id} ORDER BY id"
        told.append(f"chunk {chunk_id}: {known}, moves {rows(storm, moves)}")
    return told


def _compare(storm: "Storm", key: str, clients: Clients, undisturbed: Sequence[str], book: Book) -> None:
    wrong = 0
    with Client(storm.local.api, key) as client:
        for name, job_id in clients.accepted.items():
            try:
                wrong += digest(list(client.items(job_id))) != undisturbed[clients.body_of(name)]
            except httpx2.TransportError as error:
                book.failures.append(f"{name}: {error!r}")
            book.compared += 1
    if wrong:
        book.failures.append(f"{wrong} results differ from the undisturbed run")


def _illegal(storm: "Storm") -> list[str]:
    """Return the moves that the tables forbid, and the chains that do not join."""
    query = "SELECT job_id::text, chunk_id, from_state, to_state FROM jobs_transition ORDER BY id"
    chains: dict[tuple[str, Any], list[tuple[str, str]]] = {}
    for job_id, chunk_id, before, after in rows(storm, query):
        chains.setdefault((job_id, chunk_id), []).append((before, after))
    wrong = []
    for (job_id, chunk_id), moves in chains.items():
        allowed = JOB_ALLOWED if chunk_id is None else CHUNK_ALLOWED
        joined = all(one[1] == two[0] for one, two in pairwise(moves))
        legal = all(State(after) in allowed.get(State(before), ()) for before, after in moves if before)
        if not (joined and legal):
            wrong.append(f"job {job_id} chunk {chunk_id}: {moves}")
    return wrong[:10]


def _recoveries(storm: "Storm") -> list[float]:
    """Return how long after its last sign of life each chunk of a lost worker was running again."""
    query = """
        SELECT lost.chunk_id, extract(epoch FROM again.at - started.at)
        FROM jobs_transition lost
        JOIN jobs_transition started ON started.chunk_id = lost.chunk_id AND started.to_state = 'running'
             AND started.attempt = lost.attempt
        JOIN jobs_transition again ON again.chunk_id = lost.chunk_id AND again.to_state = 'running'
             AND again.attempt = lost.attempt + 1
        WHERE lost.reason = 'lease expired' AND lost.to_state = 'accepted'
    """
    return [float(seconds) for _, seconds in rows(storm, query)]


def processes_of(folder: Path) -> list[int]:
    """Return the processes that still work in a folder."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if str(folder).encode() in environment.read_bytes() and int(environment.parent.name) != os.getpid():
                found.append(int(environment.parent.name))
        except OSError:
            continue
    return found
