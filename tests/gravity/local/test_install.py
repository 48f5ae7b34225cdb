"""Setup: a no-op while nothing changed, and one line when this machine's Python cannot do it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gravity.local import install
from gravity.local.supervisor import ROOT

SETUP = ROOT / "gravity" / "local" / "setup.sh"


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    folder = tmp_path / "requirements"
    folder.mkdir()
    (folder / "runtime.txt").write_text("a==1\n")
    (folder / "dev.txt").write_text("a==1\nb==1\n")
    return folder


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").touch()
    return tmp_path / "venv"


def test_an_unfinished_installation_is_not_up_to_date(venv: Path, requirements: Path) -> None:
    assert not install.up_to_date(venv, "runtime", requirements)


def test_a_finished_installation_is_until_its_pins_change(venv: Path, requirements: Path) -> None:
    install.note(venv, "runtime", requirements)
    assert install.up_to_date(venv, "runtime", requirements)
    assert not install.up_to_date(venv, "dev", requirements)
    (requirements / "runtime.txt").write_text("a==2\n")
    assert not install.up_to_date(venv, "runtime", requirements)


def test_the_development_profile_contains_the_runtime(venv: Path, requirements: Path) -> None:
    install.note(venv, "dev", requirements)
    assert install.up_to_date(venv, "runtime", requirements)
    assert install.up_to_date(venv, "dev", requirements)
    (requirements / "dev.txt").write_text("a==1\nb==2\n")
    assert install.up_to_date(venv, "runtime", requirements)
    assert not install.up_to_date(venv, "dev", requirements)


def test_a_damaged_stamp_means_once_more(venv: Path, requirements: Path) -> None:
    (venv / install.STAMP).write_text("{")
    assert not install.up_to_date(venv, "runtime", requirements)


def test_an_environment_without_a_python_means_once_more(venv: Path, requirements: Path) -> None:
    install.note(venv, "runtime", requirements)
    (venv / "bin" / "python").unlink()
    assert not install.up_to_date(venv, "runtime", requirements)


def setup(folder: Path, **pythons: str) -> subprocess.CompletedProcess[str]:
    """Run setup.sh where these are the only Pythons; each is the body of a shell script."""
    binaries = folder / "bin"
    binaries.mkdir()
    for name, body in pythons.items():
        (binaries / name).write_text(f"#!/bin/sh\n{body}\n")
        (binaries / name).chmod(0o755)
    (binaries / "dirname").symlink_to("/usr/bin/dirname")
    return subprocess.run(
        ["/bin/sh", str(SETUP), str(folder / "venv"), "runtime"],
        env={"PATH": str(binaries)},
        capture_output=True,
        text=True,
        check=False,
    )


# What these Pythons answer to the probe that setup.sh gives them.
OLD = "echo 3.9; exit 2"
BARE = "echo 3.12; exit 3"


@pytest.mark.parametrize(
    ("pythons", "reason"),
    [
        ({}, "no python3 was found"),
        ({"python3": OLD}, "python3 is 3.9"),
        ({"python3": BARE}, "python3 3.12 has no venv: apt install python3-venv"),
        ({"python3": OLD, "python3.12": BARE}, "python3 is 3.9; python3.12 3.12 has no venv: apt install python3-venv"),
        ({"python3": "exit 127"}, "no python3 was found"),
    ],
)
def test_a_python_that_cannot_do_it_is_one_line(tmp_path: Path, pythons: dict[str, str], reason: str) -> None:
    done = setup(tmp_path, **pythons)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == f"setup: Python 3.11, 3.12 or 3.13 with venv is needed; {reason}.\n"


def test_the_first_python_that_can_is_taken(tmp_path: Path) -> None:
    done = setup(tmp_path, **{"python3": OLD, "python3.12": 'case $1 in -c) echo 3.12 ;; *) echo "runs $@" ;; esac'})
    assert done.returncode == 0
    assert done.stdout.startswith("runs ")
    assert done.stdout.endswith(f"install.py {tmp_path / 'venv'} runtime\n")


def test_this_python_passes_the_probe(tmp_path: Path) -> None:
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").touch()
    install.note(tmp_path / "venv", "runtime", ROOT / "requirements")
    done = subprocess.run(
        ["/bin/sh", str(SETUP), str(tmp_path / "venv"), "runtime"],
        env={"PATH": os.environ["PATH"], "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_the_pages_name_the_pythons_that_the_probe_lets_in(page: str) -> None:
    low, high = re.search(r"\(3, (\d+)\) <= sys\.version_info\[:2\] <= \(3, (\d+)\)", SETUP.read_text()).groups()
    *others, last = [f"3.{minor}" for minor in range(int(low), int(high) + 1)]
    assert f"{', '.join(others)} or {last}" in (ROOT / page).read_text()
