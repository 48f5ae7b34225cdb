"""Every step of the Dockerfile is executed, and what comes out of it can run."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from shutil import rmtree
from subprocess import CompletedProcess

import pytest

from tests.chart.tools import ROOT, find
from tests.image.builder import Builder
from tests.image.test_dockerfile import STEPS, of

Inside = Callable[..., CompletedProcess[str]]
pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builder]:
    """The built image, as `gravity` in a store that is gone afterwards."""
    if find("buildah") is None:
        pytest.skip("buildah is not installed: apt install buildah debootstrap")
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a chroot needs root on Linux")
    folder: Path = tmp_path_factory.mktemp("image")
    builder = Builder(folder)
    try:
        base = builder.base(STEPS[0][1].partition("=")[2])
        done = builder.build(base, builder.wheels(builder.version(base)))
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        (folder / "build.log").write_text(done.stdout + done.stderr)
        yield builder
    finally:
        rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def inside(image: Builder) -> Inside:
    """Run a command in a container of the image."""
    return partial(image.run, image.start("gravity"))


def test_every_step_was_executed(image: Builder) -> None:
    log = re.sub(r"\s+", " ", (image.folder / "build.log").read_text())
    assert [command for command in of("RUN") if re.sub(r"\s+", " ", command) not in log] == []


def test_it_starts_as_a_user_without_rights(image: Builder) -> None:
    config = image.config("gravity")
    assert config["User"] == "1000:1000"
    assert config["Cmd"] == ["sh", "/app/docker/start.sh", "api"]
    assert set(config["ExposedPorts"]) == {"8000/tcp", "5555/tcp", "9101/tcp"}
    assert config["Labels"]["org.opencontainers.image.version"] == "1.1.0"
    assert not [value for value in config["Env"] if "SECRET" in value]


def test_its_commands_run_as_that_user(inside: Inside) -> None:
    assert inside("id", "-u").stdout.strip() == "1000"


def test_it_can_write_where_everybody_can_and_nowhere_else(inside: Inside) -> None:
    away = " ".join(f"-not -path '/{top}/*'" for top in ("proc", "dev", "sys", "tmp"))
    found = inside("sh", "-c", f"find / -xdev -writable -not -type l {away} 2>/dev/null").stdout
    assert set(found.split()) <= {"/tmp", "/var/tmp", "/run/lock", "/dev", "/proc", "/sys"}


def test_the_licences_come_along(inside: Inside) -> None:
    assert inside("cat", "/app/LICENSE", "/app/THIRD_PARTY_NOTICES").returncode == 0


@pytest.mark.parametrize("program", ["granian", "celery"])
def test_its_programs_answer(inside: Inside, program: str) -> None:
    assert inside(program, "--version").returncode == 0


def test_there_is_no_compiler(inside: Inside) -> None:
    assert inside("sh", "-c", "command -v gcc cc clang make").stdout == ""


def test_machine_code_is_there_and_used(inside: Inside) -> None:
    count = "find /tmp/numba -type f | wc -l"
    precompile = "python -m analysis.precompile"
    script = f"{MACHINE}; cp -R /app/numba /tmp/numba; {count}; {precompile}; {count}"
    before, *_, after = inside("sh", "-c", script).stdout.split()
    assert int(before) > 50
    assert before == after


def test_machine_code_for_many_processors_answers_as_that_for_this_one(inside: Inside) -> None:
    answers = (ROOT / "tests" / "image" / "answers.py").read_text()
    script = f"{MACHINE}; [ -d /tmp/numba ] || cp -R /app/numba /tmp/numba; python -c '{answers}'"
    here = subprocess.run([sys.executable, "-c", answers], cwd=ROOT, capture_output=True, text=True, check=True)
    assert inside("sh", "-c", script).stdout == here.stdout


MACHINE = ". /app/docker/machine.sh; export NUMBA_CACHE_DIR=/tmp/numba"
ASK = """
import django
from django.conf import settings
django.setup()
from django.test import Client
settings.DATA_DIR.mkdir(parents=True)
for path in ("/health/live", "/static/admin/css/base.css"):
    print(Client().get(path).status_code)
"""


def test_the_program_answers(inside: Inside) -> None:
    done = inside("python", "-c", ASK)
    assert done.stdout.split() == ["200", "200"], done.stderr
    said, *_ = inside("sh", "/app/docker/start.sh", "nonsense").stderr.splitlines()  # buildah says the exit code itself
    assert json.loads(said)["event"].startswith("usage: start.sh")
