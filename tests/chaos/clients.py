"""Clients that behave: every job has an idempotency key, and a request without an answer is sent again."""

import threading
import time
from collections.abc import Sequence
from typing import Any

import httpx2

from tests.bars import random_walk

PATIENCE_SECONDS = 180


def upload(address: str, key: str, count: int) -> list[str]:
    """Store `count` random walks and return their symbols."""
    symbols = [f"S{n:02d}" for n in range(count)]
    with _http(address, key) as http:
        for n, symbol in enumerate(symbols):
            walk = random_walk(300, seed=n)
            columns = {name: getattr(walk, name).tolist() for name in ("open", "high", "low", "close", "volume")}
            bars = {"time": [int(ns) // 1_000_000 for ns in walk.time], **columns}
            body = {"symbol": symbol, "timeframe": "1d", "adjustment": "raw", "bars": bars}
            http.post("/api/v1/series", json=body).raise_for_status()
    return symbols


def requests_over(symbols: Sequence[str]) -> list[dict[str, Any]]:
    """Return different requests; each is computed again whenever it is submitted."""
    analyses: Sequence[list[str]] = (
        ["rsi", "macd"],
        ["candlesticks"],
        ["ema(50)", "atr", "rsi < 40"],
        ["bollinger_bands", "adx", "supertrend"],
    )
    shared = {"symbols": list(symbols), "timeframe": "1d", "reuse": False}
    return [{**shared, "analyses": one, "output": output} for one in analyses for output in ("last", 20)]


class Clients:
    """Threads that submit `count` jobs in all, `rate` a second; `accepted` has the job of every answered key."""

    def __init__(
        self, address: str, key: str, bodies: Sequence[dict[str, Any]], count: int, threads: int, rate: float
    ) -> None:
        self.accepted: dict[str, str] = {}
        self.repeated = 0
        self.failed: list[str] = []
        self._address, self._key, self._bodies = address, key, bodies
        self._rate, self._began = rate, time.monotonic()
        self._numbers = iter(range(count))
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait until every job has been accepted or given up."""
        for thread in self._threads:
            thread.join()

    @property
    def busy(self) -> bool:
        """Return whether there are jobs still to be accepted."""
        return any(thread.is_alive() for thread in self._threads)

    def body_of(self, name: str) -> int:
        """Return which of the requests a key's job was."""
        return int(name.removeprefix("storm-")) % len(self._bodies)

    def _work(self) -> None:
        with _http(self._address, self._key) as http:
            while True:
                with self._lock:
                    number = next(self._numbers, None)
                if number is None:
                    return
                # At an even pace, so that every fault has submissions under way.
                time.sleep(max(0.0, self._began + number / self._rate - time.monotonic()))
                self._submit(http, f"storm-{number}")

    def _submit(self, http: httpx2.Client, name: str) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        said = "no answer"
        while time.monotonic() < until:
            try:
                answer = http.post(
                    "/api/v1/jobs", json=self._bodies[self.body_of(name)], headers={"Idempotency-Key": name}
                )
                if answer.status_code == httpx2.codes.ACCEPTED:
                    self.accepted[name] = answer.json()["id"]
                    self.repeated += "Idempotency-Replayed" in answer.headers
                    return
                said = f"{answer.status_code} {answer.text[:200]}"
            except httpx2.TransportError as error:
                said = repr(error)
            time.sleep(0.2)
        self.failed.append(f"{name}: {said}")


def _http(address: str, key: str) -> httpx2.Client:
    return httpx2.Client(base_url=address, headers={"Authorization": f"Api-Key {key}"}, timeout=20)
