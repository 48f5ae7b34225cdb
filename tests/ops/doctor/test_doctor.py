"""`manage.py doctor` on real parts: what it finds, what it advises, and how it ends."""

import json
import time
from collections import namedtuple
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import redis
from django.conf import settings as project
from django.core.management import call_command
from django.utils import timezone

from forecasts.models import Fallback
from forecasts.served import served_card
from jobs import clock
from jobs.clock import SharedClock
from jobs.queues import QUEUES
from ops import components, heartbeats
from ops.doctor import (
    broker_clock,
    broker_persistence,
    broker_policy,
    database_clock,
    free_space,
    migrations,
    served_model,
    skew,
)
from ops.doctor.examination import CHECKS, examine
from ops.doctor.finding import Level, ok

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


def doctor(*arguments: str) -> tuple[str, int]:
    """Return what the command says and its exit code."""
    out = StringIO()
    try:
        call_command("doctor", *arguments, stdout=out)
    except SystemExit as end:
        return out.getvalue(), int(end.code or 0)
    return out.getvalue(), 0


@pytest.fixture
def roomy(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let the disks have so much room."""

    def have(free: int) -> None:
        monkeypatch.setattr(free_space.shutil, "disk_usage", lambda folder: Usage(2**40, 0, free))

    have(2**40)
    return have


@pytest.fixture
def workers(broker: Any) -> None:
    """Let a worker take from every queue."""
    heartbeats.announce("worker", "celery@one", QUEUES)


def test_all_is_well_enough(workers: None, roomy: Any) -> None:
    text, code = doctor("--json")
    told = json.loads(text)
    assert code == 0
    assert [one["name"] for one in told["checks"]] == [module.NAME for module in CHECKS]
    # The broker of the tests keeps nothing on disk.
    levels = {one["name"]: one["level"] for one in told["checks"]}
    assert levels.pop("broker persistence") in ("ok", "warning")
    assert set(levels.values()) == {"ok"}
    assert all(one["remedy"] for one in told["checks"] if one["level"] != "ok")


def test_a_broker_that_evicts_is_an_error_with_a_remedy(cache: Any, roomy: Any, settings: Any) -> None:
    settings.BROKER_URL = project.CACHE_URL
    text, code = doctor()
    assert code == 1
    assert "ERROR   broker policy: The broker's maxmemory-policy is allkeys-lru" in text
    assert "Set maxmemory-policy noeviction" in text


def test_parts_that_are_away_are_errors_and_the_other_checks_go_on(roomy: Any, settings: Any) -> None:
    settings.BROKER_URL = "redis://:secret@127.0.0.1:1/0"
    text, code = doctor()
    assert code == 1
    assert "secret" not in text
    assert "ERROR   broker clock: No answer (ConnectionError)." in text
    assert "ok      migrations: All migrations are applied." in text


@pytest.mark.parametrize(
    ("ahead", "level", "said"),
    [
        (0.5, Level.OK, "agree"),
        (-5.0, Level.WARNING, "5.0 s behind"),
        (120.0, Level.ERROR, "120.0 s ahead of"),
    ],
)
def test_clocks_that_differ(ahead: float, level: Level, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "shared", SharedClock(lambda: time.time() + ahead))
    found = database_clock.check()
    assert found.level is level
    assert said in found.text
    assert skew.judge("The broker's", ahead).level is level


def test_the_broker_of_this_machine_has_its_clock(broker: Any) -> None:
    assert broker_clock.check().level is Level.OK


def test_a_broker_that_is_nearly_full(broker: Any) -> None:
    with redis.Redis.from_url(project.BROKER_URL) as client:
        before = client.config_get("maxmemory")["maxmemory"]
        client.config_set("maxmemory", int(client.info("memory")["used_memory"] / 0.9))
        try:
            found = broker_policy.check()
        finally:
            client.config_set("maxmemory", before)
    assert (found.level, "refuses messages" in found.text) == (Level.WARNING, True)


def test_a_broker_that_keeps_what_it_has(broker: Any) -> None:
    with redis.Redis.from_url(project.BROKER_URL) as client:
        before = client.config_get("appendonly")["appendonly"]
        client.config_set("appendonly", "yes")
        try:
            found = broker_persistence.check()
            client.config_set("appendonly", "no")
            assert broker_persistence.check().level is Level.WARNING
        finally:
            client.config_set("appendonly", before)
    assert found.level is Level.OK


def test_pending_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components, "_migrated", False)
    monkeypatch.setattr(components.MigrationExecutor, "migration_plan", lambda *_: ["one", "two"])
    found = migrations.check()
    assert (found.level, found.text) == (Level.ERROR, "There are migrations 2 to apply.")
    assert "migrate_once" in found.remedy


@pytest.mark.parametrize(("free", "level"), [(2**33, Level.OK), (2**29, Level.WARNING), (2**20, Level.ERROR)])
def test_room_on_the_disks(roomy: Callable[[int], None], free: int, level: Level) -> None:
    roomy(free)
    assert free_space.check().level is level


def test_the_disk_with_the_least_room_is_named(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ARCHIVE_DIR = str(tmp_path / "not there yet")
    usage = {tmp_path: Usage(0, 0, 2**20)}
    monkeypatch.setattr(free_space.shutil, "disk_usage", lambda folder: usage.get(folder, Usage(0, 0, 2**40)))
    assert "ARCHIVE_DIR" in free_space.check().text


def test_a_model_that_cannot_be_asked_is_a_warning_with_its_reason(settings: Any, tmp_path: Path) -> None:
    assert served_model.check().level is Level.OK
    settings.MODELS_DIR = tmp_path
    found = served_model.check()
    assert found.level is Level.WARNING
    assert "pattern_outcome/2.0.0 cannot be asked (missing)" in found.text
    assert "chance is answered" in found.remedy


def test_a_model_that_has_fallen_back_is_a_warning_with_what_was_measured() -> None:
    found = served_card()
    assert found is not None
    figures = {"days": 90, "events": 300, "gain": -0.02, "interval": [-0.03, -0.01]}
    Fallback.objects.create(
        sha256=found.sha256, model="pattern_outcome/2.0.0", figures=figures, fell_back_at=timezone.now()
    )
    told = served_model.check()
    assert told.level is Level.WARNING
    assert "pattern_outcome/2.0.0 has fallen back" in told.text
    assert "-0.0200 nats an event" in told.text
    assert "answer again" in told.remedy


def test_a_further_check_is_a_file_with_a_name() -> None:
    further = ModuleType("further")
    further.NAME, further.check = "further", lambda: ok("Yes.")  # type: ignore[attr-defined]
    assert [(each.name, each.finding.text) for each in examine((further,))] == [("further", "Yes.")]
