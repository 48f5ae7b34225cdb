"""Traces from the API through the queue to the worker, as a collector gets them; nothing of it where they are off."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as project

from jobs import clock, dispatch
from jobs.models import Chunk, Job
from jobs.requests import JobRequest
from jobs.services.submit import submit
from tests.api.server import client_of, served
from tests.api.test_bad_input import bars
from tests.bars import random_walk
from tests.tasks.worker.collector import collecting
from tests.tasks.worker.live import live_worker

pytestmark = pytest.mark.django_db(transaction=True)

JOBS = "/api/v1/jobs"
CALLER, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
HOSTILE = ["", "00", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "zz-" + CALLER + "-" + PARENT + "-01", "x" * 4_000, "é"]


def test_one_trace_from_the_request_to_the_workers_end(owner, broker, cache, tmp_path: Path) -> None:
    with collecting() as collector:
        to = {"TRACES_URL": collector.url}
        with served(tmp_path, **to) as address, client_of(address, owner) as client:
            asked = {"analyses": ["rsi"], "bars": bars(60)}
            mine = client.post(
                JOBS, json=asked, headers={"traceparent": f"00-{CALLER}-{PARENT}-01", "X-Request-Id": "of-a-trace"}
            )
            own = client.post(JOBS, json={**asked, "analyses": ["atr"]})
            unrecorded = client.post(
                JOBS, json={**asked, "analyses": ["sma"]}, headers={"traceparent": f"00-{'1' * 32}-{PARENT}-00"}
            )
            for given in HOSTILE:
                headers = {"traceparent": given.encode("latin-1")}
                assert client.get(f"{JOBS}/counts", headers=headers).status_code == 200
            # The broker forgets everything; what is sent again belongs to the same trace.
            broker.flush()
            chunks = list(Chunk.objects.order_by("pk").values_list("pk", flat=True))
            assert dispatch.publish("interactive", chunks)
            with live_worker(tmp_path, **to) as worker:
                worker.until(lambda: len(worker.said("chunk_over")) == 3)
                worker.until(lambda: len([span for span in collector.spans if span.name == "run interactive"]) == 2)
                assert worker.said("chunk_over", request_id="of-a-trace")
            worker_spans = [span for span in collector.spans if span.service == "technical-analysis-worker"]
            worker.until(lambda: f"POST /{JOBS[1:]}" in collector.of(CALLER))

    spans = collector.of(CALLER)
    request, wait, run = (spans[name] for name in ("POST /api/v1/jobs", "wait interactive", "run interactive"))
    assert request.parent == PARENT
    assert request.service == "technical-analysis-api"
    assert request.told["http.response.status_code"] == 202
    assert (wait.parent, run.parent) == (request.own, request.own)
    assert run.told["job_id"] == mine.json()["id"]
    assert {span.told["request_id"] for span in (request, wait, run)} == {"of-a-trace"}
    assert (run.told["outcome"], run.told["attempt"], run.told["worker"]) == ("succeeded", 1, "live@here")
    assert not run.failed
    assert 0 < run.seconds < wait.seconds

    traceparent = Job.objects.get(pk=own.json()["id"]).traceparent
    assert set(collector.of(traceparent.split("-")[1])) == {"POST /api/v1/jobs", "wait interactive", "run interactive"}
    assert Job.objects.get(pk=unrecorded.json()["id"]).traceparent == ""
    assert len(worker_spans) == 4
    assert collector.of("1" * 32) == {}


def test_an_attempt_that_fails_says_so_in_its_trace(owner, broker, tmp_path: Path) -> None:
    job = submit(owner=owner, request=JobRequest(["rsi"], bars=random_walk(5)), now=clock.now())
    Job.objects.filter(pk=job.pk).update(traceparent=f"00-{CALLER}-{PARENT}-01")
    with collecting() as collector, live_worker(tmp_path, TRACES_URL=collector.url) as worker:
        worker.until(lambda: "run interactive" in collector.of(CALLER))
    run = collector.of(CALLER)["run interactive"]
    assert (run.failed, run.told["outcome"]) == (True, "failed")


def test_a_collector_that_is_away_costs_nothing_but_its_spans(owner, broker, cache, tmp_path: Path) -> None:
    to = {"TRACES_URL": "http://127.0.0.1:1/v1/traces"}
    with served(tmp_path, **to) as address, client_of(address, owner) as client, live_worker(tmp_path, **to) as worker:
        job = client.post(JOBS, json={"analyses": ["rsi"], "bars": bars(60)}).json()
        worker.until(lambda: worker.said("chunk_over", job_id=job["id"], outcome="succeeded"))
        assert client.get(job["links"]["self"]).json()["state"] == "succeeded"


def test_where_they_are_off_nothing_of_them_is_loaded_or_kept(owner, broker) -> None:
    assert "ops.traced_requests.TracedRequests" not in project.MIDDLEWARE
    job = submit(owner=owner, request=JobRequest(["rsi"], bars=random_walk(60)), now=clock.now())
    assert job.traceparent == ""
    program = """
import django, sys
django.setup()
import gravity.wsgi, tasks
print(sorted(name for name in sys.modules if name.startswith(("opentelemetry.sdk.trace", "opentelemetry.exporter"))))
"""
    env = {"DJANGO_SETTINGS_MODULE": "gravity.settings", "DATABASE_URL": "sqlite://:memory:", "TRACES_URL": ""}
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, cwd=project.BASE_DIR, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_without_the_library_nobody_starts_who_should_trace() -> None:
    program = """
import sys
sys.modules["opentelemetry.sdk.trace"] = None
import django
django.setup()
import gravity.wsgi
"""
    env = {"DJANGO_SETTINGS_MODULE": "gravity.settings", "DATABASE_URL": "sqlite://:memory:", "TRACES_URL": "http://x/"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, cwd=project.BASE_DIR, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "requirements/tracing.txt is not installed" in done.stderr
