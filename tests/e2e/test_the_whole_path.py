"""Over real HTTP, a real broker and real worker processes."""

import contextlib
import re
import time
from typing import Any

import numpy as np
import pytest
import talib
from celery import Celery
from celery.events import EventReceiver
from kombu import Connection
from standardwebhooks import Webhook

from gravity.local.ports import LOOPBACK
from tests.bars import random_walk
from tests.e2e.conftest import Running
from tests.notifications.receiver import Receiver


def body(count: int = 300, seed: int = 3) -> dict:
    bars = random_walk(count, seed=seed)
    return {
        "symbol": "WALK",
        "timeframe": "1d",
        "time": [int(ns) // 1_000_000 for ns in bars.time],
        **{name: getattr(bars, name).tolist() for name in ("open", "high", "low", "close", "volume")},
    }


def test_the_returned_numbers_are_ta_libs(system: Running) -> None:
    bars = body()
    with system.client() as client:
        job = client.submit({"analyses": ["rsi", "macd"], "bars": bars, "output": "all"})
        job = client.follow(job, system.supervisor.check, 60)
        assert job["state"] == "succeeded", job
        (item,) = client.items(job["id"])
    close = np.array(bars["close"])
    expected = dict(zip(("macd.macd", "macd.signal", "macd.histogram"), talib.MACD(close), strict=True))
    expected["rsi"] = talib.RSI(close, 14)
    for name, column in expected.items():
        got = np.array(item["columns"][name], dtype=float)  # null becomes NaN
        # Near zero a difference of prices has no more digits than they have.
        digits = 1e-14 * float(close.max())
        np.testing.assert_allclose(got, column, rtol=1e-12, atol=digits, equal_nan=True, err_msg=name)
    assert item["time"] == bars["time"]


def test_stored_series_run_by_universe_and_every_symbol_comes_back(system: Running) -> None:
    with system.client() as client:
        job = client.submit({"universe": "demo", "timeframe": "1d", "analyses": ["rsi", "candlesticks"], "output": 3})
        job = client.follow(job, system.supervisor.check, 60)
        items = list(client.items(job["id"]))
    assert job["state"] == "succeeded"
    assert len(items) == 6
    assert all(len(item["time"]) == 3 == len(item["columns"]["rsi"]) for item in items)


def test_a_repeated_request_is_born_succeeded(system: Running) -> None:
    with system.client() as client:
        request = {"analyses": ["atr"], "bars": body(seed=5)}
        first = client.follow(client.submit(request), system.supervisor.check, 60)
        again = client.submit(request)
    assert (again["state"], again["reused"]) == ("succeeded", True)
    assert again["id"] != first["id"]


@pytest.mark.parametrize(
    "path", ["/health", "/health/live", "/health/ready", "/metrics", "/", "/docs", "/api/v1/schema"]
)
def test_everything_that_is_linked_answers(system: Running, path: str) -> None:
    with system.http() as http:
        assert http.get(path, follow_redirects=True).status_code == 200


def test_the_guides_metrics_are_exported_after_work(system: Running) -> None:
    with system.client() as client:
        client.follow(client.submit({"analyses": ["rsi"], "bars": body(seed=6)}), system.supervisor.check, 120)
    with system.http() as http:
        http.get("/api/v1/jobs")
        exported = http.get("/metrics").text
    import httpx2

    worker = httpx2.get(f"http://127.0.0.1:{system.local.ports.worker_metrics}/metrics").text
    for name in ("http_requests_total", "http_request_duration_seconds", "cache_hits_total", "cache_requests_total"):
        assert f"# TYPE {name}" in exported or f"# TYPE {name.removesuffix('_total')}" in exported, name
    for name in ("patterns_detected_total", "ml_prediction_duration_seconds"):
        assert name in exported or name in worker, name
    assert "chunk_runtime_seconds_count" in worker
    for text in (exported, worker):
        assert re.search(r"^django_db_execute_total\{.+\} [1-9]", text, re.MULTILINE)


def test_beat_runs_the_demo_scan_by_itself(system: Running) -> None:
    def fired() -> bool:
        with system.http() as http:
            return bool(http.get("/api/v1/jobs", params={"tag": "scan:demo"}).json()["items"])

    system.wait(fired, 60, "No scheduled scan ran")


def test_a_client_is_told_when_its_job_is_over(system: Running) -> None:
    with Receiver().serving() as receiver, system.http() as http:
        secret = http.post("/api/v1/callbacks/secret").json()["secret"]
        request = {"analyses": ["rsi"], "bars": body(seed=9), "callback_url": receiver.url}
        job = http.post("/api/v1/jobs", json=request).json()
        system.wait(lambda: bool(receiver.received), 20, "the callback")
        headers, text = receiver.received[0]
        assert Webhook(secret).verify(text, headers)["data"]["id"] == job["id"]
        path = f"/api/v1/jobs/{job['id']}/callbacks"
        system.wait(lambda: http.get(path).json()["items"][0]["state"] == "delivered", 10, "its record")


def test_what_flower_is_told_leaves_nothing_out(system: Running) -> None:
    """Events wait for each other, so that tasks do not wait for them; of each task all three arrive, in order."""
    seen: dict[str, list[str]] = {}
    broker = f"redis://{LOOPBACK}:{system.local.ports.broker}/0"
    app = Celery(broker=broker, set_as_current=False)
    with app.connection_for_read() as own, system.client() as client:
        ears = EventReceiver(own, app=app, handlers={"*": lambda event: note(seen, event)})
        with ears.consumer_context() as (connection, _, _):
            listen(connection)  # the first look is what subscribes
            jobs = [client.submit({"analyses": ["rsi"], "bars": body(seed=seed)}) for seed in range(100, 130)]
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline and sum(len(told) == 3 for told in seen.values()) < len(jobs):
                listen(connection)
    complete = [told for told in seen.values() if told == ["task-received", "task-started", "task-succeeded"]]
    assert len(complete) >= len(jobs), seen


def listen(connection: Connection) -> None:
    with contextlib.suppress(TimeoutError):
        connection.drain_events(timeout=1)


def note(seen: dict[str, list[str]], event: dict[str, Any]) -> None:
    if event["type"].startswith("task-"):
        seen.setdefault(event["uuid"], []).append(event["type"])
