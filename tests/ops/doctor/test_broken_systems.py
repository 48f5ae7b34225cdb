"""What `manage.py doctor` prints of a healthy system, and of broken ones: what is wrong, what to do, exit code 1."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.conf import settings as project
from django.contrib.auth.models import AbstractUser

from gravity.local.ports import LOOPBACK, free_ports
from jobs import clock
from jobs.clock import SharedClock
from jobs.requests import JobRequest
from jobs.services.hold import begin_read_only, pause
from jobs.services.submit import submit
from ops import heartbeats
from ops.doctor import encryption, model_files, queue_routes, versions
from ops.doctor.encryption import Wire
from ops.doctor.finding import Level
from tests.bars import random_walk
from tests.ops import throwaway_postgresql, throwaway_redis
from tests.ops.doctor.test_doctor import doctor, roomy, workers
from tests.ops.throwaway_postgresql import self_signed

__all__ = ["roomy", "workers"]
pytestmark = pytest.mark.django_db

LINE = re.compile(r"^(ok|WARNING|ERROR) +([a-z ]+): (.+)$")


@pytest.fixture
def model(settings: Any, tmp_path: Path) -> Path:
    """The files of the served model of patterns, a copy that a test may damage, beside those of the other one."""
    settings.MODELS_DIR = tmp_path / "models"
    copytree(project.BASE_DIR / "ml_models", settings.MODELS_DIR)
    return Path(settings.MODELS_DIR / "pattern_outcome" / project.MODEL_VERSION)


def read(text: str) -> dict[str, tuple[str, str]]:
    """Return level and text by check."""
    found = [match for line in text.splitlines() if (match := LINE.match(line))]
    return {match[2]: (match[1], match[3]) for match in found}


def test_a_healthy_system(workers: None, roomy: Any) -> None:
    text, code = doctor()
    print(text)
    told = read(text)
    assert code == 0
    assert told["migrations"] == ("ok", "All migrations are applied.")
    assert told["queue routes"][1] == "Workers take from interactive, indicators, patterns, ml, maintenance."
    served = [
        f"pattern_outcome/{project.MODEL_VERSION}",
        f"candlestick_outcome/{project.CANDLESTICK_MODEL_VERSION}",
    ]
    assert told["model files"][1].startswith(f"Served: {' and '.join(served)};")
    assert told["versions"][1].endswith("packages are as requirements/runtime.txt has them.")
    assert {level for level, _ in told.values()} <= {"ok", "WARNING"}


def no_workers(request: Any) -> None:
    request.getfixturevalue("broker").flush()


def damaged_trees(request: Any) -> None:
    with (request.getfixturevalue("model") / "model.ubj").open("ab") as file:
        file.write(b"x")


def no_model(request: Any) -> None:
    (request.getfixturevalue("model") / "card.json").unlink()


def other_card(request: Any) -> None:
    request.getfixturevalue("settings").MODEL_SHA256 = "0" * 64


def skewed(request: Any) -> None:
    patch = request.getfixturevalue("monkeypatch")
    patch.setattr(clock, "shared", SharedClock(lambda: time.time() + 300))


def full(request: Any) -> None:
    request.getfixturevalue("roomy")(2**20)


def evicting(request: Any) -> None:
    request.getfixturevalue("cache")
    request.getfixturevalue("settings").BROKER_URL = project.CACHE_URL


def away(request: Any) -> None:
    request.getfixturevalue("settings").BROKER_URL = "redis://:secret@127.0.0.1:1/0"


def old_python(request: Any) -> None:
    request.getfixturevalue("monkeypatch").setattr(versions.sys, "version_info", (3, 9, 1))


BROKEN: dict[str, tuple[Callable[[Any], None], str, str, str]] = {
    "work waits and nobody takes it": (no_workers, "queue routes", "No worker takes from interactive (1", "--queues"),
    "damaged model": (damaged_trees, "model files", "are not those that the card names", "Put the files"),
    "no model": (no_model, "model files", "is not on disk", "MODEL_VERSION"),
    "another card": (other_card, "model files", "not 000000", "MODEL_SHA256"),
    "clocks": (skewed, "database clock", "300.0 s ahead of this machine's", "chrony"),
    "full disk": (full, "free space", "1 MB are free", "Make room"),
    "evicting broker": (evicting, "broker policy", "allkeys-lru", "maxmemory-policy noeviction"),
    "broker away": (away, "queue routes", "No answer (ConnectionError)", "BROKER_URL"),
    "old Python": (old_python, "versions", "Python is of version 3.9.", "Have 3.11 or later."),
}


@pytest.mark.parametrize("system", BROKEN)
def test_a_broken_system(workers: None, roomy: Any, owner: AbstractUser, request: Any, system: str) -> None:
    break_it, check, finding, remedy = BROKEN[system]
    submit(owner=owner, request=JobRequest(["rsi"], bars=random_walk(60)), now=clock.now())
    break_it(request)
    text, code = doctor()
    print(text)
    level, said = read(text)[check]
    assert (code, level) == (1, "ERROR")
    assert finding in said
    after = text.splitlines()[1 + next(n for n, line in enumerate(text.splitlines()) if f"{check}: " in line)]
    assert remedy in after
    assert "secret" not in text
    told = json.loads(doctor("--json")[0])
    assert told["status"] == "error"


def test_a_queue_without_workers_and_without_work_is_a_warning(broker: Any) -> None:
    heartbeats.announce("worker", "celery@one", ["interactive", "indicators", "patterns", "maintenance"])
    found = queue_routes.check()
    assert (found.level, "from ml; nothing waits" in found.text) == (Level.WARNING, True)


def test_what_staff_have_stopped_is_a_warning(workers: None) -> None:
    pause("ml", by="staff:one", now=clock.now())
    assert "queues resume ml" in queue_routes.check().remedy
    begin_read_only(by="staff:one", now=clock.now())
    assert "read_only off" in queue_routes.check().remedy


def test_another_models_damage_is_a_warning(model: Path) -> None:
    other = Path(copytree(model, model.parent / "1.0.0"))
    card = json.loads((other / "card.json").read_text())
    (other / "card.json").write_text(json.dumps({**card, "version": "1.0.0", "sha256": "0" * 64}))
    found = model_files.check()
    assert (found.level, "pattern_outcome/1.0.0" in found.text) == (Level.WARNING, True)


def test_packages_of_other_versions_are_named(tmp_path: Path) -> None:
    pins = tmp_path / "pins.txt"
    pins.write_text(
        "django==1.0 \\\n    --hash=sha256:00\n"
        "not-there-at-all==2.0 ; python_version >= '3' \\\n    --hash=sha256:00\n"
        "only-elsewhere==3.0 ; sys_platform == 'nowhere' \\\n    --hash=sha256:00\n"
    )
    one, other = versions.other_packages(pins)
    assert one.startswith("django 5.")
    assert other == "not-there-at-all missing instead of 2.0"
    assert versions.other_packages(tmp_path / "none") == []


@pytest.mark.parametrize(
    ("broker", "cache", "level", "said"),
    [
        ("redis://127.0.0.1:1/0", "redis://localhost:1/0", Level.OK, "on this machine"),
        ("redis://broker.example:1/0", "redis://localhost:1/0", Level.WARNING, "BROKER_URL: what is sent"),
        ("rediss://b.example:1/0?ssl_cert_reqs=none", "redis://localhost:1/0", Level.WARNING, "anybody may be"),
        ("rediss://127.0.0.2:1/0?ssl_cert_reqs=required", "redis://localhost:1/0", Level.ERROR, "no TLS"),
        ("sentinel://one:1;sentinel://two:1", "redis://localhost:1/0", Level.WARNING, "BROKER_URL"),
    ],
)
def test_ways_to_other_machines(settings: Any, broker: str, cache: str, level: Level, said: str) -> None:
    if not encryption._is_local(str(project.DATABASES["default"].get("HOST") or "")):
        pytest.skip("the database of this run is on another machine")
    settings.BROKER_URL, settings.CACHE_URL = broker, cache
    found = encryption.check()
    assert (found.level, said in found.text) == (level, True), found


def test_a_certificate_that_ends_soon_or_that_nobody_vouches_for(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encryption, "LOCAL", ())
    plain, port = free_ports(2)
    certificate = self_signed(tmp_path)  # for two days
    files = ("--tls-cert-file", str(certificate), "--tls-key-file", str(certificate.with_suffix(".key")))
    arguments = ("--port", str(plain), "--tls-port", str(port), "--tls-ca-cert-file", str(certificate), *files)
    arguments += ("--tls-auth-clients", "no", "--save", "")
    url = f"rediss://{LOOPBACK}:{port}/0"
    with throwaway_redis.running(tmp_path, *arguments, port=plain):
        wire = Wire("BROKER_URL", LOOPBACK, port, True, True)
        refused = encryption._certificate_fault(wire)
        assert refused is not None
        assert (refused.level, "is refused" in refused.text) == (Level.ERROR, True)
        settings.BROKER_URL = settings.CACHE_URL = f"{url}?ssl_ca_certs={certificate}"
        ending = encryption._certificate_fault(wire._replace(authority=str(certificate)))
        assert ending is not None
        assert (ending.level, "ends in 2 days" in ending.text) == (Level.WARNING, True)
        assert [one.looks for one in encryption.wires() if one.variable == "BROKER_URL"] == [True]
        no_tls = encryption._certificate_fault(wire._replace(port=plain))
        assert no_tls is not None
        assert no_tls.level is Level.ERROR


def test_the_certificate_of_a_postgresql() -> None:
    with throwaway_postgresql.running(tls=True) as database:
        wire = Wire("DATABASE_URL", LOOPBACK, database.port, True, True, str(database.certificate), True)
        found = encryption._certificate_fault(wire)
        assert found is not None
        assert "ends in 2 days" in found.text
    gone = encryption._certificate_fault(wire)
    assert gone is not None
    assert "root.crt holds no certificates (FileNotFoundError)" in gone.text
    with throwaway_postgresql.running() as database:
        found = encryption._certificate_fault(wire._replace(port=database.port, authority=None))
        assert found is not None
        assert "the server has no TLS" in found.text
