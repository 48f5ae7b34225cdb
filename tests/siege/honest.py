"""Honest clients beside the hostile ones: one asks whether the process lives, one polls, one submits jobs."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx2

PAUSE_SECONDS = 0.05
PATIENCE_SECONDS = 30
JOB = {"symbols": ["AAPL"], "analyses": ["rsi"]}


class Honest:
    """Three threads; `slowest` has the slowest answer of each in seconds, `answers` what was answered."""

    def __init__(self, address: str, key: str, job: str) -> None:
        self.slowest = {"live": 0.0, "poll": 0.0, "post": 0.0}
        self.answers: dict[str, Counter[str]] = {name: Counter() for name in self.slowest}
        self._over = threading.Event()
        self._address, self._key = address, key
        asked: dict[str, Callable[[httpx2.Client], httpx2.Response]] = {
            "live": lambda http: http.get("/health/live"),
            "poll": lambda http: http.get(job),
            "post": lambda http: http.post("/api/v1/jobs", json=JOB),
        }
        self._threads = [threading.Thread(target=self._ask, args=each, daemon=True) for each in asked.items()]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, name: str, ask: Callable[[httpx2.Client], httpx2.Response]) -> None:
        headers = {"Authorization": f"Api-Key {self._key}"}
        with httpx2.Client(base_url=self._address, headers=headers, timeout=PATIENCE_SECONDS) as http:
            while not self._over.wait(PAUSE_SECONDS):
                began = time.monotonic()
                try:
                    said = str(ask(http).status_code)
                except httpx2.TransportError:
                    said = "no answer"
                self.answers[name][said] += 1
                self.slowest[name] = max(self.slowest[name], time.monotonic() - began)
