"""The thin shells around the domain: what they count and how they show that they live."""

from types import SimpleNamespace

import pytest
from celery import current_app
from celery.utils.dispatch import Signal
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from jobs.queues import CHUNK_QUEUES, MAINTENANCE, ML, RUN_CHUNK_TASK
from jobs.reports import ChunkReport
from ops.heartbeats import touch
from tasks.analysis import count
from tasks.schedule import SCHEDULE
from tasks.worker import startup


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_finished_chunk_is_counted() -> None:
    before = value("patterns_detected_total", pattern="hammer")
    count(ChunkReport("succeeded", queue="interactive", patterns={"hammer": 3}))
    assert value("patterns_detected_total", pattern="hammer") == before + 3


def test_a_lost_claim_counts_as_nothing() -> None:
    before = value("chunk_runtime_seconds_count", queue="interactive")
    count(ChunkReport("lost", queue="interactive"))
    assert value("chunk_runtime_seconds_count", queue="interactive") == before


def test_every_task_is_registered_and_beat_sends_only_registered_ones() -> None:
    current_app.loader.import_default_modules()
    assert RUN_CHUNK_TASK in current_app.tasks
    assert {entry["task"] for entry in SCHEDULE.values()} <= set(current_app.tasks)
    queues = {entry["task"].split(".")[1]: entry["options"]["queue"] for entry in SCHEDULE.values()}
    assert queues.pop("forecasts") == ML
    assert set(queues.values()) == {MAINTENANCE}


def test_no_task_keeps_results_or_retries() -> None:
    own = [task for name, task in current_app.tasks.items() if name.startswith("tasks.")]
    assert own
    assert all(task.ignore_result and not task.max_retries for task in own)


def test_a_heartbeat_is_a_fresh_file(settings, tmp_path) -> None:
    settings.HEARTBEAT_DIR = tmp_path / "beats"
    touch("worker")
    assert (tmp_path / "beats" / "worker").exists()


def test_a_worker_refuses_an_evicting_broker_in_production(cache, settings) -> None:
    settings.PRODUCTION = True
    settings.BROKER_URL = settings.CACHE_URL
    start = Signal("worker_init")
    start.connect(startup.require_surroundings)
    with capture_logs() as logs, pytest.raises(SystemExit) as ended:  # Celery logs any other exception, and goes on
        start.send(sender=None)
    assert ended.value.code == 1
    assert "noeviction" in logs[-1]["reason"]


def test_a_worker_accepts_a_safe_broker(broker, settings) -> None:
    settings.PRODUCTION = True
    startup.require_surroundings(sender=SimpleNamespace())
    assert set(CHUNK_QUEUES) == {"interactive", "indicators", "patterns", "ml"}
