"""The rules of the house that a look at the tree can settle."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.contract import PACKAGES, ROOT

SOURCES = [
    path
    for package in (*PACKAGES, "tests", "scripts")
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
]
FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?|handlers?|processors?)($|_)")


def test_arrows_point_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_is_over_300_lines() -> None:
    long = {str(path.relative_to(ROOT)): n for path in SOURCES if (n := len(path.read_text().splitlines())) > 300}
    assert not long


def test_no_file_is_named_for_being_a_drawer() -> None:
    assert not [str(path) for path in SOURCES if FORBIDDEN_NAMES.search(path.stem)]


def test_there_is_no_pickle() -> None:
    pattern = re.compile(r"^\s*(import|from) (pickle|joblib|cloudpickle|dill)\b", re.MULTILINE)
    assert not [str(path) for path in SOURCES if pattern.search(path.read_text())]


def test_nothing_is_left_undone() -> None:
    pattern = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
    assert not [str(path) for path in SOURCES if pattern.search(path.read_text())]


def test_celery_is_never_eager_and_never_retries() -> None:
    pattern = re.compile(r"task_always_eager|TASK_ALWAYS_EAGER|autoretry_for|\.retry\(exc")
    own = Path(__file__)
    assert not [str(path) for path in SOURCES if path != own and pattern.search(path.read_text())]


def test_digits_are_those_of_ascii() -> None:
    # \d and isdigit() take those of every script, and int() and float() read them. The lexer's have been looked at.
    pattern = re.compile(r"^(?!.*re\.ASCII).*\\d|^(?!.*isascii\(\)).*\.is(digit|decimal|numeric)\(")
    theirs = [path for path in SOURCES if path.relative_to(ROOT).parts[0] not in ("tests", "scripts")]
    theirs = [path for path in theirs if path.parent.name != "language" or path.name == "words.py"]
    found = [f"{path}: {line}" for path in theirs for line in path.read_text().splitlines() if pattern.search(line)]
    assert not found


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_says_what_it_is(package: str) -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
        and path.name != "__init__.py"
        and not path.read_text().lstrip().startswith(('"""', "#!"))
    ]
    assert not silent


def test_what_jobs_and_scans_are_told_of_time_is_the_shared_clocks() -> None:
    pattern = re.compile(r"timezone\.now|datetime\.now\(")
    imports = re.compile(r"^from (jobs|scans)\b", re.MULTILINE)
    within = ("jobs", "scans", "tasks")
    theirs = [path for path in SOURCES if path.relative_to(ROOT).parts[0] in within]
    callers = [path for path in SOURCES if path.relative_to(ROOT).parts[0] in ("api", "ops")]
    theirs += [path for path in callers if imports.search(path.read_text())]
    assert not [str(path) for path in theirs if pattern.search(path.read_text())]
