"""The image's machine code is for a whole class of processors; one that is not of it is told so, not killed."""

import os
import platform
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.chart.tools import ROOT

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="these are names of x86's instructions")
V3 = "fpu avx avx2 abm bmi1 bmi2 cx16 f16c fma lahf_lm movbe pni popcnt sse4_1 sse4_2 ssse3 xsave"
PRINT = ". docker/machine.sh; echo $NUMBA_CPU_NAME; echo $NUMBA_CPU_FEATURES"


def on(flags: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Ask on a processor that says so of itself."""
    file = folder / "cpuinfo"
    file.write_text(f"processor\t: 0\nmodel name\t: Opteron 6386\nflags\t\t: {flags}\n\n")
    environment = {"PATH": os.environ["PATH"], "CPUINFO": str(file)}
    return subprocess.run(["sh", "-euc", PRINT], cwd=ROOT, env=environment, capture_output=True, text=True)


def test_any_processor_of_the_class_is_taken_alike(tmp_path: Path) -> None:
    answers = {on(f"{V3}{more}", tmp_path).stdout for more in ("", " avx512f gfni", " sse4a xop")}
    (answer,) = answers
    name, features = answer.split()
    assert name == "x86-64-v3"
    assert {"+avx2", "+fma", "+bmi2"} < set(features.split(","))


@pytest.mark.parametrize("lacking", ["avx2", "bmi1", "fma"])
def test_one_that_lacks_an_instruction_is_named(tmp_path: Path, lacking: str) -> None:
    done = on(V3.replace(f" {lacking} ", " "), tmp_path)
    assert done.returncode == 78
    assert done.stdout == ""
    assert f"(Opteron 6386) lacks {lacking}: " in done.stderr


def test_all_that_it_lacks_is_said_at_once(tmp_path: Path) -> None:
    assert "lacks avx avx2 abm " in on("fpu sse sse2", tmp_path).stderr


def test_the_compiler_knows_every_feature() -> None:
    from llvmlite import binding

    known = {line.lstrip("+-") for line in binding.get_host_cpu_features().flatten().split(",")}
    features = subprocess.run(["sh", "-c", PRINT], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {name.lstrip("+") for name in features.split()[1].split(",")} <= known | {"x87"}


def test_it_is_plain_shell() -> None:
    if shutil.which("dash") is None:
        pytest.skip("dash is not installed")
    subprocess.run(["dash", "-n", "docker/machine.sh"], cwd=ROOT, check=True)


def test_a_start_that_is_killed_leaves_no_half_of_it_to_the_next(tmp_path: Path) -> None:
    """A file that ends too early ends numba, and the folder is there for as long as the pod."""
    shutil.copytree(ROOT / "docker", tmp_path / "app" / "docker")
    for folder in ("app/numba", "programs", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "app" / "numba" / "loop.nbc").write_text("machine code")
    programs = {
        "celery": 'cat "$NUMBA_CACHE_DIR/loop.nbc"',
        "cp": 'eval to="\\$$#"; mkdir "$to"; printf machine >"$to/loop.nbc"; kill -9 $PPID',
    }
    for name, script in programs.items():
        (tmp_path / "programs" / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "programs" / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path / 'programs'}:{os.environ['PATH']}", "TMPDIR": str(tmp_path / "tmp")}
    environment["CPUINFO"] = str(tmp_path / "cpuinfo")
    Path(environment["CPUINFO"]).write_text(f"flags\t\t: {V3}\n")
    command = ["sh", "docker/start.sh", "beat"]

    def start() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(command, cwd=tmp_path / "app", env=environment, capture_output=True, text=True)

    assert start().returncode == -9
    (tmp_path / "programs" / "cp").unlink()
    for _ in range(2):
        done = start()
        assert (done.returncode, done.stdout) == (0, "machine code"), done.stderr
