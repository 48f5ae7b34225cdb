"""In CI a test that skips for want of a part fails the run, in whichever process it is."""

import re

import pytest

from tests.__main__ import TOGETHER
from tests.architecture.tree import ROOT, Tree
from tests.shared_folder import LACKING
from tests.skips import EXPECTED

MISSING = """
import pytest

def test_of_a_part():
    pytest.skip("a part is not installed")

@pytest.mark.xfail
def test_that_fails():
    assert False

def test_that_is_expected():
    pytest.skip("{expected}")

def test_that_reads_what_licences_keep_out():
    pytest.skip("{lacking}oracles/tulip")
"""


@pytest.mark.parametrize("options", [TOGETHER, ()], ids=["together", "alone"])
def test_a_part_that_is_missing_fails_the_run_in_ci(tree: Tree, options: tuple[str, ...]) -> None:
    tree.write("tests/jobs/test_b.py", MISSING.format(expected=EXPECTED[0], lacking=LACKING))
    done = tree.run("pytest", *options, CI="true")
    assert done.returncode == 1
    assert len(re.findall(r"nothing may be missing here: .*test_b.py:\d+: Skipped: a part is not", done.stdout)) == 1
    assert done.stdout.count("nothing may be missing") == 1
    elsewhere = tree.run("pytest", *options)
    assert (elsewhere.returncode, elsewhere.stdout.count("nothing may be missing")) == (0, 0)


def test_what_is_expected_is_what_tests_say() -> None:
    said = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert [reason for reason in EXPECTED if reason not in said] == []
