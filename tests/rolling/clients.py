"""Clients that go on asking while pods are replaced, and what they were answered. None asks a second time."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

OVER = frozenset({"succeeded", "partial", "failed", "cancelled"})
MOST_FAILURES = 50  # enough to see what is wrong
HOST = "technical-analysis"
COMPUTE = {"symbols": ["AAPL"], "timeframe": "1d"}


class Crowd:
    """Clients in threads of their own, on connections that they keep, and the ledger of what they saw."""

    # A job whose end is waited for, and one whose end and result may be asked for at any time.
    long: dict[str, Any]
    done: dict[str, Any]

    def __init__(self, address: str, key: str) -> None:
        self._address, self._key = address, key
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._given_up = False
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []
        self.closed = 0

    @contextmanager
    def asking(self, *, pollers: int, waiters: int, followers: int, submitters: int) -> Iterator[None]:
        """Let them all ask in the block, and wait until each has been answered its last question."""
        kinds = (self._poll, pollers), (self._wait, waiters), (self._follow, followers), (self._submit, submitters)
        for what, count in kinds:
            self._threads += [threading.Thread(target=self._until_over, args=(what,)) for _ in range(count)]
        for thread in self._threads:
            thread.start()
        try:
            yield
        except BaseException:
            self._given_up = True
            raise
        finally:
            self._over.set()
            for thread in self._threads:
                thread.join(90)
        assert not any(thread.is_alive() for thread in self._threads)

    def client(self) -> httpx2.Client:
        """Return a client that keeps its connections and asks nothing twice."""
        headers = {"Authorization": f"Api-Key {self._key}", "Host": HOST}
        return httpx2.Client(base_url=self._address, headers=headers, timeout=httpx2.Timeout(90))

    def _until_over(self, what: Callable[[httpx2.Client], bool]) -> None:
        with self.client() as http:
            goes_on = True
            while goes_on:
                kind = what.__name__.strip("_")
                began = time.monotonic()
                try:
                    goes_on = what(http) and not self._given_up
                    self.counts[kind] += 1
                except Exception as error:  # whatever it is, a client would have seen it
                    after = time.monotonic() - began
                    self.failures.append(f"{kind} after {after:.2f} s: {type(error).__name__}: {error}")
                    goes_on = len(self.failures) < MOST_FAILURES and not self._over.is_set()

    def _poll(self, http: httpx2.Client) -> bool:
        """Ask for states and lists; now and then on a new connection."""
        headers = {"Connection": "close"} if random.random() < 0.1 else {}
        long, done = self.long["links"], self.done["links"]
        answer = http.get(random.choice([long["self"], done["self"], done["result"], "/api/v1/jobs"]), headers=headers)
        assert answer.status_code == 200, answer.text
        answer.json()
        time.sleep(random.random() * 0.1)
        return not self._over.is_set()

    def _wait(self, http: httpx2.Client) -> bool:
        """Wait for the end of the long job as long as one may, again and again."""
        answer = http.get(self.long["links"]["self"], params={"wait": 60})
        assert answer.status_code == 200, answer.text
        return answer.json()["state"] not in OVER

    def _submit(self, http: httpx2.Client) -> bool:
        """Have something new computed, wait for it, and poll for it where the wait ended first."""
        body = {**COMPUTE, "analyses": [f"sma({random.randint(2, 400)})", f"ema({random.randint(2, 400)})"]}
        answer = http.post("/api/v1/indicators/compute", json=body, headers={"Prefer": "wait=30"})
        assert answer.status_code in (200, 202), answer.text
        if answer.status_code == 202:
            job = answer.json()
            while job["state"] not in OVER:
                job = http.get(job["links"]["self"], params={"wait": 30}).json()
            assert job["state"] == "succeeded", job
            self.counts["handed on"] += 1
        else:
            assert answer.json()["columns"], answer.text
        time.sleep(random.random() * 0.2)
        return not self._over.is_set()

    def _follow(self, http: httpx2.Client) -> bool:
        """Read the long job's events to their end, and come back with the last one's id until the job is over."""
        known: dict[str, str] = {}
        while True:
            event: dict[str, str] = {}
            with http.stream("GET", self.long["links"]["events"], headers=known) as stream:
                assert stream.status_code == 200, stream.read()
                for line in stream.iter_lines():
                    name, _, value = line.partition(": ")
                    if name in ("event", "id", "data"):
                        event[name] = value
            if json.loads(event["data"])["state"] in OVER:
                return False
            # A stream that was cut off would have ended with whatever event came last.
            assert event["event"] == "closing", event
            self.closed += 1
            known = {"Last-Event-ID": event["id"]}
