"""/metrics: every name the guide and the alerts count on, from one process and from several."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings as project
from django.contrib.auth.models import AbstractUser
from django.db.utils import OperationalError
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from jobs import clock, holds, selectors
from jobs.queries import storage
from jobs.requests import JobRequest
from jobs.services.hold import begin_read_only, pause
from jobs.services.submit import submit
from ops import metrics
from ops.collectors import SystemCollector
from tests.bars import random_walk

GUIDE = {
    "http_requests_total",
    "http_request_duration_seconds",
    "ml_prediction_duration_seconds",
    "patterns_detected_total",
    "cache_hits_total",
    "cache_requests_total",
}
OURS = {
    "jobs_submitted_total",
    "jobs_finished_total",
    "job_wait_seconds",
    "chunk_runtime_seconds",
    "queue_depth",
    "oldest_queued_age_seconds",
    "queue_paused",
    "system_read_only",
    "hold_age_seconds",
    "leases_expired_total",
    "outbox_lag_seconds",
    "retention_lag_seconds",
    "jobs_purged_total",
    "scan_coverage_ratio",
    "broker_garbage_total",
    "storage_quota_used_ratio",
    "model_ready",
    "model_fallen_back",
    "model_age_seconds",
    "model_gain_nats",
    "model_predictions",
    "model_drift_index",
    "shadow_duration_seconds",
    "trainings_finished_total",
    "training_duration_seconds",
}


def declared(text: str) -> set[str]:
    return {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}


def test_every_name_is_there(db: None, client: Client) -> None:
    response = client.get("/metrics")
    assert response["Content-Type"].startswith("text/plain")
    assert declared(response.content.decode()) >= GUIDE | OURS


def test_the_text_can_be_read_back(db: None, client: Client) -> None:
    families = list(text_string_to_metric_families(client.get("/metrics").content.decode()))
    assert len({family.name for family in families}) == len(families)


def test_backlog_is_read_from_the_rows(owner: AbstractUser, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    collector = SystemCollector(clock=lambda: clock[0])

    def depth() -> float:
        families = {family.name: family for family in collector.collect()}
        samples = families["queue_depth"].samples
        return sum(sample.value for sample in samples if sample.labels["queue"] != "maintenance")

    assert depth() == 0
    submit(owner=owner, request=JobRequest(analyses=["rsi"], bars=random_walk(50)), now=timezone.now())
    assert depth() == 0  # remembered
    clock[0] = 10.0
    assert depth() == 1

    def lost(**_: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(selectors, "queue_figures", lost)
    clock[0] = 20.0
    assert [family.name for family in collector.collect() if family.name == "queue_depth"] == []


def test_what_staff_hold_has_an_age(db: None, broker: Any) -> None:
    holds.forget()
    begun = clock.now() - timedelta(hours=3)
    pause("ml", by="staff:one", now=begun)
    begin_read_only(by="staff:one", now=begun + timedelta(hours=2))
    holds.forget()
    families = {family.name: family for family in SystemCollector().collect()}
    ages = {sample.labels["hold"]: round(sample.value, -2) for sample in families["hold_age_seconds"].samples}
    assert ages == {"ml": 10_800, "read_only": 3_600}
    holds.forget()


def test_beats_last_tick_is_its_heartbeat(tmp_path: Path, settings: Any, db: None) -> None:
    settings.HEARTBEAT_DIR = tmp_path
    (tmp_path / "beat").touch()
    os.utime(tmp_path / "beat", (1_700_000_000, 1_700_000_000))
    families = {family.name: family for family in SystemCollector().collect()}
    assert families["beat_last_tick_seconds"].samples[0].value == 1_700_000_000


def test_who_takes_most_of_the_storage_is_told(owner: AbstractUser, stranger: AbstractUser, settings: Any) -> None:
    def told() -> dict[str, float]:
        families = {family.name: family for family in SystemCollector().collect()}
        return {sample.labels["owner"]: sample.value for sample in families["storage_quota_used_ratio"].samples}

    settings.STORAGE_GB_DAYS_PER_OWNER = 2
    assert told() == {}
    for part in (1, 2):
        storage.add_use(owner.pk, part, 10**9, 900_000_000)
    storage.add_use(stranger.pk, 1, 10**9, 500_000_000)
    assert told() == {str(owner.pk): 0.9, str(stranger.pk): 0.25}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ops.collectors.FULLEST_OWNERS", 1)
        assert told() == {str(owner.pk): 0.9}
    settings.STORAGE_GB_DAYS_PER_OWNER = 0
    assert told() == {}


def test_what_the_broker_holds_is_told(db: None, broker: Any) -> None:
    with redis.Redis.from_url(broker.url) as client:
        client.config_set("maxmemory", 64 << 20)
        try:
            client.rpush("maintenance", "one", "two")
            families = {family.name: family for family in SystemCollector().collect()}
        finally:
            client.config_set("maxmemory", 0)
    waiting = {sample.labels["queue"]: sample.value for sample in families["queue_depth"].samples}
    assert waiting["maintenance"] == 2
    assert families["broker_memory_max_bytes"].samples[0].value == 64 << 20
    assert 0 < families["broker_memory_bytes"].samples[0].value < 64 << 20


def test_names_are_declared_once() -> None:
    names = [name for name in vars(metrics) if name.islower() and not name.startswith("_")]
    assert {name for name in names if hasattr(getattr(metrics, name), "labels")} <= {
        name for family in REGISTRY.collect() for name in (family.name, f"{family.name}_total")
    }


SCRIPT = """
import django; django.setup()
from django.test import Client
from ops import metrics
import os, sys
for _ in range(int(sys.argv[1])):
    metrics.jobs_submitted_total.inc()
if len(sys.argv) > 2:
    from ops.collectors import registry
    from django_prometheus.exports import ExportToDjangoView
    sys.stdout.write(ExportToDjangoView(None).content.decode())
"""


def test_several_processes_are_summed(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "gravity.settings",
        "PYTHONPATH": os.pathsep.join([str(project.BASE_DIR), os.environ.get("PYTHONPATH", "")]),
    }

    def run(*arguments: str) -> str:
        command = [sys.executable, "-c", SCRIPT, *arguments]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    run("2")
    assert "jobs_submitted_total 5.0" in run("3", "show")
