"""Over real HTTP, a real broker and real worker processes."""

import re
import time
from typing import Any

import httpx2
import numpy as np
import pytest
import redis
import talib
from celery import Celery
from standardwebhooks import Webhook
from tornado.web import create_signed_value

from gravity.local.ports import LOOPBACK
from jobs.queues import INTERACTIVE, QUEUES, RUN_CHUNK_TASK
from tests.bars import random_walk
from tests.e2e.conftest import Running
from tests.notifications.receiver import Receiver

FLOWER = True  # is looked at, so the system has it


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


def test_flower_tells_the_truth(system: Running) -> None:
    """Jobs are found by their ids, and late duplicates of their messages change nothing: a failure stays one."""
    past = {"symbols": ["AAPL"], "timeframe": "1d", "start": "1950-01-01T00:00:00Z", "end": "1950-02-01T00:00:00Z"}
    with flower(system) as http, system.client() as client:
        good = client.submit({"analyses": ["rsi"], "bars": body(seed=100)})
        bad = client.submit({"analyses": ["rsi"], **past})
        ended = [client.follow(job, system.supervisor.check, 60)["state"] for job in (good, bad)]
        assert ended == ["succeeded", "failed"]
        states = {}
        for _ in range(2):
            system.wait(lambda: told(http, good, "SUCCESS") and told(http, bad, "FAILURE"), 20, "Flower")
            states = {**tasks(http, good["id"]), **tasks(http, bad["id"])}
            send_again(system, [int(uuid.split("-")[1]) for uuid in states])
        assert len(states) == 2
        (failed,) = tasks(http, bad["id"]).values()
        assert "no_symbol_computed" in failed["exception"]
        assert "AAPL" in failed["args"]


def test_flower_asks_for_a_password_shows_every_queue_and_no_maintenance(system: Running) -> None:
    with httpx2.Client(base_url=system.local.flower, timeout=10) as stranger:
        assert stranger.get("tasks").status_code == 401
        assert stranger.get("api/tasks").status_code == 401
    with flower(system) as http:
        queues = {queue["name"] for queue in http.get("api/queues/length").json()["active_queues"]}
        assert queues >= set(QUEUES)
        assert all(queue in http.get("broker").text for queue in QUEUES)
        names = {task["name"] for task in http.get("api/tasks").json().values()}
        assert names <= {"tasks.analysis.run_chunk"}
        assert http.post("api/worker/shutdown/x").status_code in (401, 403, 405)


@pytest.mark.parametrize("secret", ["", "secret", "change-me", "x" * 64])
def test_a_forged_cookie_opens_nothing_in_flower(system: Running, secret: str) -> None:
    """Tornado signs the user's cookie; who does not know the secret of this process gets in by none."""
    value = create_signed_value(secret or "none", "user", "admin").decode() if secret else "admin"
    forged = {"user": value, "_xsrf": "2|forged", "sessionid": value}
    with httpx2.Client(base_url=system.local.flower, cookies=forged, timeout=10) as stranger:
        for path in ("tasks", "workers", "api/tasks", "api/workers", "broker", "login"):
            assert stranger.get(path).status_code in (401, 404), path
        for path in ("api/worker/shutdown/x", "api/task/revoke/x", "api/task/apply/tasks.analysis.run_chunk"):
            answer = stranger.post(path, headers={"X-XSRFToken": "2|forged"})
            assert answer.status_code in (401, 403, 404, 405), path
    with flower(system) as http:
        http.cookies.update(forged)
        assert http.post("api/worker/shutdown/x", headers={"X-XSRFToken": "2|forged"}).status_code in (401, 403, 405)
        assert http.get("api/workers").status_code == 200


def flower(system: Running) -> httpx2.Client:
    user, _, password = system.local.flower_account.partition(":")
    return httpx2.Client(base_url=system.local.flower, auth=(user, password), timeout=10)


def tasks(http: httpx2.Client, text: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = http.get("api/tasks", params={"search": text}).json()
    return found


def told(http: httpx2.Client, job: dict[str, Any], state: str) -> bool:
    return [task["state"] for task in tasks(http, job["id"]).values()] == [state]


def send_again(system: Running, chunk_ids: list[int]) -> None:
    """Send the chunks' messages once more, and wait until a worker has taken them."""
    url = f"redis://{LOOPBACK}:{system.local.ports.broker}/0"
    with Celery(broker=url, set_as_current=False) as app, redis.Redis.from_url(url) as broker:
        for chunk_id in chunk_ids:
            app.send_task(RUN_CHUNK_TASK, args=[chunk_id], queue=INTERACTIVE, ignore_result=True)
        system.wait(lambda: not broker.llen(INTERACTIVE) and not broker.hlen("unacked"), 20, "the duplicates")
    time.sleep(1)  # what would be told of them leaves within a tenth of it
