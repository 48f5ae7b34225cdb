"""A real worker that holds a model: asked, damaged under way, mended, and killed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import httpx2
import pytest

from ml.family import PATTERNS
from tests.analysis.shipped import ROOT
from tests.e2e.conftest import Running, started

NAME, VERSION = PATTERNS.name, PATTERNS.version

# The page's request: an event after the model's training.
ASKED = json.loads(re.findall(r"ml/predict .* -d '(.*double_top.*)'", (ROOT / "docs" / "models.md").read_text())[0]) | {
    "reuse": False
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the served model."""
    models = tmp_path_factory.mktemp("models")
    return Path(copytree(ROOT / "ml_models" / NAME / VERSION, models / NAME / VERSION))


@pytest.fixture(scope="module")
def system(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MODELS_DIR", str(folder.parents[1]))
        patch.setenv("CANDLESTICK_MODEL_VERSION", "")
        with started(Path(tmp_path_factory.mktemp("system"))) as system:
            yield system


def asked(system: Running) -> dict[str, Any]:
    with system.http() as http:
        answer = http.post("/api/v1/ml/predict", json=ASKED, headers={"Prefer": "wait=30"}, timeout=60)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert len(body["events"]) == 1
    return body


def predictions(system: Running) -> float:
    text = httpx2.get(f"http://127.0.0.1:{system.local.ports.worker_metrics}/metrics").text
    (line,) = [one for one in text.splitlines() if one.startswith("ml_prediction_duration_seconds_count")]
    return float(line.split()[1])


def test_a_workers_child_answers_and_counts_how_long_the_model_took(system: Running) -> None:
    asked(system)  # a worker that has answered is listened to
    before = predictions(system)
    (event,) = asked(system)["events"]
    assert event["prediction"]["model_status"] == "ready"
    assert not event["prediction"]["in_sample"]
    assert predictions(system) == before + 1


def test_a_model_tampered_with_is_not_parsed_and_the_worker_lives(system: Running, folder: Path) -> None:
    known = asked(system)["events"][0]["prediction"]
    sound = (folder / "model.ubj").read_bytes()
    for damaged in (sound[:-1], bytes(len(sound)), sound[::-1], b"", bytes(17 << 20)):
        (folder / "model.ubj").write_bytes(damaged)
        body = asked(system)
        assert body["forecast"]["model_status"] == "degraded"
        assert body["forecast"]["reason"] in ("checksum", "too_large")
        told = body["events"][0]["prediction"]
        assert told["p_target"] == pytest.approx(known["random_walk"]["p_target"], abs=1e-4)
    (folder / "model.ubj").write_bytes(sound)
    assert asked(system)["events"][0]["prediction"] == known


def test_a_worker_killed_while_it_predicts_loses_nothing(system: Running) -> None:
    request = {"universe": "demo", "analyses": ["pattern_outcome"], "output": "all", "reuse": False}
    with system.http() as http:
        jobs = [http.post("/api/v1/ml/predict", json=request).json() for _ in range(3)]
    system.supervisor.start(system.supervisor.kill("worker"))
    for job in jobs:
        over = system.finished(job, 200)
        assert over["state"] == "succeeded"
    with system.client() as client:
        results = [{item["symbol"]: item["events"] for item in client.items(job["id"])} for job in jobs]
    assert results[0] == results[1] == results[2]
    assert all(results[0].values())
