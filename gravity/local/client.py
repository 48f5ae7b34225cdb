"""The demo client: submits one job over HTTP as any client would, and follows it to its result."""

import sys
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

import httpx2

from gravity.local.errors import Fault

# A moving average over one bar is the close itself, under a name of our own: those of the series are taken.
ANALYSES = ("price = sma(1)", "rsi", "macd", "atr", "natr", "candlesticks")
BARS_SHOWN = 5
TERMINAL = {"succeeded", "partial", "failed", "cancelled"}
POLL_SECONDS = 0.1
BAR_WIDTH = 32


class Client:
    """Speaks to the API with one API key."""

    def __init__(self, address: str, key: str) -> None:
        self._http = httpx2.Client(base_url=address, headers={"Authorization": f"Api-Key {key}"}, timeout=10)

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def submit(self, body: dict[str, Any]) -> dict[str, Any]:
        """Submit a job and return it as accepted."""
        job: dict[str, Any] = self._answer(self._http.post("/api/v1/jobs", json=body))
        return job

    def job(self, job_id: str) -> dict[str, Any]:
        """Return a job's present state."""
        job: dict[str, Any] = self._answer(self._http.get(f"/api/v1/jobs/{job_id}"))
        return job

    def items(self, job_id: str) -> Iterator[dict[str, Any]]:
        """Yield the result of every symbol, page by page."""
        parameters: dict[str, str] = {}
        while True:
            page = self._answer(self._http.get(f"/api/v1/jobs/{job_id}/result", params=parameters))
            yield from page.get("items", [page])
            if not page.get("next"):
                return
            parameters = {"cursor": page["next"]}

    def follow(self, job: dict[str, Any], check: Callable[[], None], seconds: float) -> dict[str, Any]:
        """Poll a job to its end with a progress bar on a terminal; `check` may raise to give up."""
        deadline = time.monotonic() + seconds
        while job["state"] not in TERMINAL:
            check()
            if time.monotonic() > deadline:
                raise Fault(f"Job {job['id']} is still {job['state']} after {seconds:.0f} seconds.")
            _draw(job)
            time.sleep(POLL_SECONDS)
            job = self.job(job["id"])
        _draw(job, last=True)
        return job

    def _answer(self, response: httpx2.Response) -> Any:
        if response.status_code == httpx2.codes.UNAUTHORIZED:
            raise Fault("The API refuses the key in the data folder; remove the file api_key there to get a new one.")
        if response.is_error:
            said = f"{response.request.method} {response.request.url.path} answered {response.status_code}"
            raise Fault(f"{said}: {response.text[:500]}")
        return response.json()


def answers(address: str) -> bool:
    """Tell whether the API is ready to take jobs."""
    try:
        return httpx2.get(f"{address}/health/ready", timeout=2).status_code == httpx2.codes.OK
    except httpx2.TransportError:
        return False


def works(address: str) -> bool:
    """Tell whether a worker takes jobs: it has compiled what it needs and gives signs of life."""
    try:
        worker = httpx2.get(f"{address}/health", timeout=5).json()["components"]["worker"]
    except (httpx2.TransportError, ValueError, KeyError):
        return False
    return bool(worker["status"] == "ok")


def _draw(job: dict[str, Any], last: bool = False) -> None:
    if not sys.stderr.isatty():
        return
    done, total = job["progress"]["done"], max(job["progress"]["total"], 1)
    full = BAR_WIDTH * done // total
    bar = "█" * full + "░" * (BAR_WIDTH - full)
    print(f"\r  {job['state']:<10} {bar} {done}/{total}", end="\n" if last else "", file=sys.stderr, flush=True)
