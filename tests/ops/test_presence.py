"""Workers and beats of every machine are known, by the broker's clock."""

from typing import Any

import pytest
import redis

from ops import components, heartbeats, presence

NOWHERE = "redis://127.0.0.1:9/0"


@pytest.fixture(autouse=True)
def no_file_of_this_machine(settings: Any, tmp_path: Any) -> None:
    settings.HEARTBEAT_DIR = tmp_path


def set_back(url: str, kind: str, name: str, seconds: float) -> None:
    with redis.Redis.from_url(url) as client:
        client.zincrby(f"gravity:alive:{kind}", -seconds, name)


def test_those_of_other_machines_are_seen(broker: Any, settings: Any) -> None:
    assert components.process("worker").status == "unseen"
    for name in ("celery@a", "celery@b"):
        heartbeats.announce("worker", name)
    seen = components.process("worker")
    assert (seen.status, seen.detail) == ("ok", "2 alive, last sign of life 0 s ago")
    assert components.process("beat").status == "unseen"


def test_one_that_goes_silent_is_told_from_one_that_ended(broker: Any, settings: Any) -> None:
    heartbeats.announce("beat", "here")
    set_back(settings.BROKER_URL, "beat", "here", 90)
    assert components.process("beat").status == "silent"
    heartbeats.withdraw("beat", "here")
    assert components.process("beat").status == "unseen"


def test_the_living_count_and_the_dead_are_forgotten_after_a_day(broker: Any, settings: Any) -> None:
    for name in ("old", "silent", "alive"):
        heartbeats.announce("worker", name)
    set_back(settings.BROKER_URL, "worker", "silent", 90)
    set_back(settings.BROKER_URL, "worker", "old", presence.KEPT_SECONDS + 60)
    heartbeats.announce("worker", "alive")
    assert set(heartbeats.announced("worker")) == {"silent", "alive"}
    assert components.process("worker").detail == "1 alive, last sign of life 0 s ago"


def test_without_the_broker_the_file_of_this_machine_speaks(settings: Any) -> None:
    settings.BROKER_URL = NOWHERE
    heartbeats.announce("worker", "here")
    heartbeats.withdraw("worker", "here")
    assert components.process("worker").status == "unseen"
    heartbeats.touch("worker")
    assert components.process("worker").status == "ok"


@pytest.mark.parametrize("kind", heartbeats.KINDS)
def test_what_is_not_ours_under_the_name_hurts_nobody(broker: Any, settings: Any, kind: str) -> None:
    with redis.Redis.from_url(settings.BROKER_URL) as client:
        client.set(f"gravity:alive:{kind}", "x")
    heartbeats.announce(kind, "here")
    assert heartbeats.announced(kind) == {}
