"""Try a mutant: its tests run on the altered source, and one of them has to fail."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from gravity.local.errors import Fault
from gravity.local.services import postgres_binary, redis_binary
from tests.mutants.clone import clone
from tests.mutants.mutant import Mutant, Stale

# As pytest sums up: the test, and the first line of what it failed by.
FAILED = re.compile(r"^FAILED (?P<test>.+?) - (?P<assertion>.+)$", re.MULTILINE)
PASSED = re.compile(r"^\d+ passed in ", re.MULTILINE)  # and nothing else: none skipped, none selected away


class Found(NamedTuple):
    """What became of a mutant; `is_found` if a test has failed for it."""

    mutant: str
    is_found: bool
    test: str
    assertion: str


def missing() -> str:
    """Return what is not installed of what tests on services need, if anything."""
    try:
        postgres_binary("postgres")
        redis_binary()
    except Fault as fault:
        return f"not run: needs PostgreSQL and Redis ({fault})"
    return ""


def tried(mutant: Mutant, root: Path, paths: Sequence[str]) -> Found:
    """Run the mutant's tests where it is applied."""
    if mutant.services and (why := missing()):
        return Found(mutant.name, False, "–", why)
    try:
        text = mutant.mutated(root)
    except Stale as stale:
        return Found(mutant.name, False, "–", f"does not apply: {stale}")
    with clone(root, paths) as copy:
        copy.write(mutant.file, text)
        code, said = copy.pytest(mutant.tests, services=mutant.services)
    if failure := FAILED.search(said):
        return Found(mutant.name, True, failure["test"], failure["assertion"])
    if PASSED.search(said) and code == 0:
        return Found(mutant.name, False, "none fails", "SURVIVES")
    return Found(mutant.name, False, "none runs to its end", last_line(said))


def fault_without(mutants: Sequence[Mutant], root: Path, paths: Sequence[str]) -> str:
    """Return what is wrong with all the tests of these mutants on the source as it is; they share one run."""
    tests = list(dict.fromkeys(test for mutant in mutants for test in mutant.tests))
    if not tests:
        return ""
    with clone(root, paths) as copy:
        code, said = copy.pytest(tests, services=any(mutant.services for mutant in mutants))
    return "" if PASSED.search(said) and code == 0 else said


def last_line(said: str) -> str:
    """Return the last line that says something."""
    return next((line for line in reversed(said.splitlines()) if line.strip()), "nothing was said")
