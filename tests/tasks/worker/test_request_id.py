"""One request id: in the answer, in the job, in the API's log and in the worker's, however often a chunk is sent."""

import json
from pathlib import Path

import pytest

from jobs import clock, dispatch
from jobs.models import Chunk
from jobs.services.hold import pause, resume
from tests.api.server import client_of, served
from tests.api.test_bad_input import bars
from tests.tasks.worker.live import live_worker

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = {"analyses": ["rsi"], "bars": bars(60)}


def test_a_request_is_traced_through_the_workers_log(owner, broker, cache, tmp_path: Path) -> None:
    with served(tmp_path, LOG_LEVEL="INFO") as address, client_of(address, owner) as client:
        # Nobody takes the message before it is lost: the row alone knows whose request it was.
        given = client.post("/api/v1/jobs", json=ASKED, headers={"X-Request-Id": "trace-of-an-operator-1"})
        made = client.post("/api/v1/jobs", json={**ASKED, "analyses": ["atr"]})
        pause("interactive", by="staff:one", now=clock.now())
        broker.flush()
        resume("interactive", by="staff:one", now=clock.now())
        assert dispatch.publish("interactive", list(Chunk.objects.values_list("pk", flat=True)))
        with live_worker(tmp_path) as worker:
            for answer in (given, made):
                name, job = answer.headers["X-Request-Id"], answer.json()
                assert job["request_id"] == name
                worker.until(lambda name=name: worker.said("chunk_over", request_id=name), name)
                (line,) = worker.said("chunk_over", request_id=name)
                assert (line["job_id"], line["outcome"], line["attempt"]) == (job["id"], "succeeded", 1)
                assert {"chunk_id", "task_id"} <= line.keys()
                found = client.get("/api/v1/jobs", params={"request_id": name}).json()["items"]
                assert [one["id"] for one in found] == [job["id"]]
                assert found[0]["state"] == "succeeded"
        assert client.get("/api/v1/jobs", params={"request_id": "another"}).json()["items"] == []
        log = [json.loads(line) for line in (tmp_path / "api.log").read_text().splitlines() if line.startswith("{")]
    assert given.headers["X-Request-Id"] == "trace-of-an-operator-1"
    for answer in (given, made):
        (line,) = [one for one in log if one.get("request_id") == answer.headers["X-Request-Id"]]
        assert (line["event"], line["status_code"], line["job_id"]) == ("request_completed", 202, answer.json()["id"])
