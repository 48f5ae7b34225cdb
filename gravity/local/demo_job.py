"""The demo job: submitted, followed, fetched and summed up."""

import time
from dataclasses import dataclass
from typing import Any

import httpx2

from gravity.local.client import ANALYSES, BARS_SHOWN, Client
from gravity.local.environment import LocalSystem
from gravity.local.errors import Fault
from gravity.local.supervisor import Supervisor

REQUEST = {
    "universe": "demo",
    "timeframe": "1d",
    "analyses": list(ANALYSES),
    "output": BARS_SHOWN,
    "tags": ["demo"],
}
JOB_SECONDS = 120


@dataclass(frozen=True)
class Outcome:
    """What became of the demo job."""

    job: dict[str, Any]
    items: list[dict[str, Any]]
    seconds: float

    @property
    def succeeded(self) -> bool:
        """Tell whether every symbol has its result."""
        return bool(self.job["state"] == "succeeded" and self.items)

    def summary(self) -> dict[str, Any]:
        """Return the one JSON object that the demo ends with."""
        return {
            "job": self.job["id"],
            "state": self.job["state"],
            "symbols": len(self.items),
            "bars": sum(item["bars"]["count"] for item in self.items),
            "columns": len({name for item in self.items for name in item["columns"]}),
            "events": sum(len(item["events"]) for item in self.items),
            "seconds": round(self.seconds, 3),
        }


def run_demo_job(supervisor: Supervisor, system: LocalSystem) -> Outcome:
    """Run the demo job over HTTP; `seconds` are from its submission to its whole result in hand."""
    key = system.key_file.read_text().strip()
    try:
        with Client(system.api, key) as client:
            began = time.monotonic()
            job = client.follow(client.submit(REQUEST), supervisor.check, JOB_SECONDS)
            items = list(client.items(job["id"])) if job["state"] in {"succeeded", "partial"} else []
            return Outcome(job, items, time.monotonic() - began)
    except httpx2.TransportError as error:
        time.sleep(1)  # a part that is ending takes its connections with it first
        supervisor.check()
        raise Fault(f"The API at {system.api} broke off: {error}") from error
