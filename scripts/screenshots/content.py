"""What a system has to show before it is photographed: jobs of every outcome, series, a scan that has run."""

import time
from typing import Any

import httpx2
import numpy as np

from gravity.local.client import TERMINAL
from gravity.local.environment import LocalSystem

WALKS, BARS = 120, 500
SECONDS = 300
DAY_MS = 86_400_000
BEGIN_MS = 1_640_995_200_000  # 2022-01-01

LEVELS = ("support", "resistance", "level_breakout", "pivots_traditional", "previous_period")
# What the six charts show, each of one symbol of the demo data.
CHARTS: dict[str, tuple[str, list[str]]] = {
    "overlays": ("AAPL", ["bollinger", "supertrend", "ema(50)"]),
    "oscillators": ("MSFT", ["rsi", "macd", "atr", "stochastic"]),
    "shapes": ("SPX", ["chart_patterns"]),
    "harmonics": ("IXIC", ["harmonic", "rsi"]),
    "candlesticks": ("IBM", ["candlesticks", "sma(20)"]),
    "levels": ("GOOG", [*LEVELS, "high_volume = volume > 2 * sma(volume, 20)"]),
}


class Content:
    """What was made, by what it is for."""

    def __init__(self, system: LocalSystem) -> None:
        key = system.key_file.read_text().strip()
        self.http = httpx2.Client(base_url=system.api, headers={"Authorization": f"Api-Key {key}"}, timeout=60)
        self.failed = self._over(self._submitted(_BEFORE_THERE_WERE_BARS))["id"]
        self.charts = {name: self._chart(*asked) for name, asked in CHARTS.items()}
        self._walks()
        everything = {"analyses": ["all"], "universe": "walks", "output": "last", "tags": ["everything"]}
        self.large = self._submitted(everything)["id"]
        self.partial = self._submitted({**_PARTLY, "universe": "some"})["id"]
        self.scan_run = self._run_of_scan("demo")

    def finish(self) -> None:
        """Wait until nothing is under way."""
        for job in (self.large, self.partial):
            self._over({"id": job, "state": ""})

    def _chart(self, symbol: str, analyses: list[str]) -> str:
        body = {"symbols": [symbol], "analyses": analyses, "output": 400, "tags": ["pictures"]}
        job: str = self._over(self._submitted(body))["id"]
        return job

    def _walks(self) -> None:
        symbols = [f"WALK{n:03}" for n in range(WALKS)]
        for n, symbol in enumerate(symbols):
            bars = {"symbol": symbol, "timeframe": "1d", "adjustment": "raw", "bars": _walk(n)}
            self._answer(self.http.post("/api/v1/series", json=bars))
        self._answer(self.http.put("/api/v1/universes/walks", json={"symbols": symbols}))
        self._answer(self.http.put("/api/v1/universes/some", json={"symbols": ["AAPL", "MSFT", "NONE", "ALSONOT"]}))

    def _submitted(self, body: dict[str, Any]) -> dict[str, Any]:
        job: dict[str, Any] = self._answer(self.http.post("/api/v1/jobs", json=body))
        return job

    def _over(self, job: dict[str, Any]) -> dict[str, Any]:
        end = time.monotonic() + SECONDS
        while job["state"] not in TERMINAL and time.monotonic() < end:
            job = self._answer(self.http.get(f"/api/v1/jobs/{job['id']}", params={"wait": 10}))
        return job

    def _run_of_scan(self, name: str) -> str:
        run = self._answer(self.http.post(f"/api/v1/scans/{name}/run"))
        job: str = self._over({"id": run["job"].rsplit("/", 1)[-1], "state": ""})["id"]
        return job

    def _answer(self, response: httpx2.Response) -> Any:
        if response.is_error:
            raise RuntimeError(f"{response.request.url} answered {response.status_code}: {response.text[:800]}")
        return response.json()


_BEFORE_THERE_WERE_BARS = {
    "analyses": ["rsi", "macd"],
    "universe": "demo",
    "start": "1980-01-01T00:00:00Z",
    "end": "1981-01-01T00:00:00Z",
    "tags": ["before there were bars"],
}
_PARTLY = {"analyses": ["rsi", "bollinger"], "tags": ["partly"]}


def _walk(seed: int) -> dict[str, list[Any]]:
    steps = np.random.default_rng(seed).normal(0.0003, 0.015, BARS)
    close = 100 * np.exp(np.cumsum(steps))
    before = np.concatenate([[100.0], close[:-1]])
    rim = 1 + np.abs(np.random.default_rng(seed + 1_000).normal(0, 0.004, BARS))
    columns = {"open": before, "high": np.maximum(before, close) * rim, "low": np.minimum(before, close) / rim}
    columns |= {"close": close, "volume": np.round(1e6 * rim**20)}
    return {
        "time": [BEGIN_MS + n * DAY_MS for n in range(BARS)],
        **{name: [round(float(value), 4) for value in column] for name, column in columns.items()},
    }
