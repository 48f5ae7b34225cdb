"""The list of mutants fits the source, and one is found only where a test fails. `make mutants` tries the list."""

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.mutants.__main__ import ROOT, main
from tests.mutants.clone import tracked
from tests.mutants.mutant import Mutant, listed
from tests.mutants.trial import tried

LISTED = listed()
# They hold texts and their hashes against each other, and run nothing of what a mutant alters.
COMPARING = ("tests/analysis/catalog", "tests/analysis/records", "tests/architecture", "tests/docs")
CODE = "def double(number):\n    return number * 2\n"
TESTS = """
import pytest
from pathlib import Path
from code_here import double

def test_doubles():
    assert double(2) == 4

def test_nothing():
    pass

def test_without_its_part():
    pytest.skip("no part")

def test_that_there_is_no_folder_of_real_data():
    assert not (Path(__file__).resolve().parents[1] / "shared").exists()
"""


@pytest.mark.parametrize("mutant", LISTED, ids=lambda mutant: mutant.name)
def test_every_mutant_applies_and_is_code(mutant: Mutant) -> None:
    before, after = (ROOT / mutant.file).read_text(), mutant.mutated(ROOT)
    assert ast.dump(ast.parse(after)) != ast.dump(ast.parse(before))


def test_there_are_ten_of_them() -> None:
    assert len({mutant.name for mutant in LISTED}) == len(LISTED) == 10


def test_every_test_that_is_named_is_there_and_runs_code() -> None:
    named = [test for mutant in LISTED for test in mutant.tests]
    assert [test for test in named if test.startswith(COMPARING)] == []
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--color=no", *named]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def attempt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Try one mutant of a small tree, beside which lies a folder of real data; return the exit code and the output."""
    root = tmp_path / "small"
    root.mkdir()
    (tmp_path / "shared").mkdir()
    (root / "code_here.py").write_text(CODE)
    (root / "test_code.py").write_text(TESTS)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "."], cwd=root, check=True)
    (root / "untracked.py").touch()
    assert tracked(root) == ["code_here.py", "test_code.py"]

    def run(*mutants: tuple[str, str, str]) -> tuple[int, str]:
        named = [
            Mutant(f"m{number}", "code_here.py", old, new, tuple(f"test_code.py::{test}" for test in tests.split()))
            for number, (old, new, tests) in enumerate(mutants)
        ]
        code = main(named, root)
        return code, capsys.readouterr().out

    return run


def test_a_mutant_is_found_by_a_test_that_fails(attempt: Callable[..., tuple[int, str]]) -> None:
    code, said = attempt(("* 2", "* 3", "test_nothing test_that_there_is_no_folder_of_real_data test_doubles"))
    assert code == 0
    assert "test_doubles" in said
    assert "assert 6 == 4" in said
    assert "1 of 1 mutants found" in said


def test_one_that_no_test_finds_fails_the_run(attempt: Callable[..., tuple[int, str]]) -> None:
    code, said = attempt(
        ("* 2", "* 3", "test_doubles"),
        ("* 2", "* 3", "test_nothing"),
        ("* 2", "* 2 +", "test_doubles"),
        ("* 4", "* 3", "test_doubles"),
        ("number", "other", "test_doubles"),
    )
    assert code == 1
    rows = {row[0]: " ".join(row[2:]) for row in map(str.split, said.splitlines()) if row and row[0].startswith("m")}
    assert "test_code.py" in rows["m0"]
    assert "SURVIVES" in rows["m1"]
    assert "none runs to its end" in rows["m2"]
    assert "does not apply" in rows["m3"]
    assert "does not apply" in rows["m4"]
    assert "1 of 5 mutants found" in said


@pytest.mark.parametrize("test", ["test_without_its_part", "test_that_is_not_there"])
def test_tests_that_do_not_pass_without_a_mutant_fail_the_run(
    attempt: Callable[..., tuple[int, str]], test: str
) -> None:
    code, said = attempt(("* 2", "* 3", test))
    assert code == 1
    assert "The tests fail without any mutant." in said


def test_where_a_service_is_not_installed_the_run_fails_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for mutant in [mutant for mutant in LISTED if mutant.services]:
        found = tried(mutant, ROOT, ())
        assert not found.is_found
        assert found.assertion.startswith("not run: needs PostgreSQL and Redis (")
