"""In CI a test that skips for want of a part fails the run, in whichever process it is."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.__main__ import TOGETHER
from tests.architecture.tree import ROOT, Tree
from tests.shared_folder import LACKING
from tests.skips import ANOTHER_DATABASE

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
    tree.write("tests/jobs/test_b.py", MISSING.format(expected=f"{ANOTHER_DATABASE}only PostgreSQL", lacking=LACKING))
    done = tree.run("pytest", *options, CI="true")
    assert done.returncode == 1
    assert len(re.findall(r"nothing may be missing here: .*test_b.py:\d+: Skipped: a part is not", done.stdout)) == 1
    assert done.stdout.count("nothing may be missing") == 1
    elsewhere = tree.run("pytest", *options)
    assert (elsewhere.returncode, elsewhere.stdout.count("nothing may be missing")) == (0, 0)


def reasons(tree: ast.Module) -> Iterator[str]:
    """Yield why tests are skipped on a condition that looks at the database."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and looks(node.test):
            yield from (said for one in node.body for said in texts(one) if "pytest.skip(" in ast.unparse(one))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.skipif" and looks(node.args[0]):
            yield from (said for word in node.keywords if word.arg == "reason" for said in texts(word.value))


def looks(condition: ast.expr) -> bool:
    return re.search(r"\bconnections?\b", ast.unparse(condition)) is not None


def texts(node: ast.AST) -> Iterator[str]:
    yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_a_test_of_another_database_says_so_and_may_be_missing_in_ci() -> None:
    said = [
        (path.name, reason)
        for path in (ROOT / "tests").rglob("*.py")
        for reason in reasons(ast.parse(path.read_text()))
    ]
    assert len(said) >= 7
    assert [one for one in said if not one[1].startswith(ANOTHER_DATABASE)] == []
