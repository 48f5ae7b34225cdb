"""The passes over the tests, tried on a small tree of tests."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.__main__ import NO_TESTS, TOGETHER, verdict
from tests.architecture.tree import ROOT, Tree
from tests.passes import ALONE, FIRST, SAME_EVERYWHERE, SYSTEMS

GIVEN = {"BROKER_URL": "redis://broker:6379/0", "CACHE_URL": "redis://cache:6380/0"}
HANGS = """
import threading, time, pytest

@pytest.mark.timeout(1)
def test_hangs():
    threading.Thread(target=time.sleep, args=(3,)).start()
    threading.Event().wait(60)

def test_after_it():
    pass
"""
STORES = {
    "database": "import pytest\n@pytest.fixture\ndef db(): pass\ndef test_one(db): pass",
    "mark": "import pytest\n@pytest.mark.django_db\ndef test_one(): pass",
    "broker": "import pytest\n@pytest.fixture\ndef broker(): pass\ndef test_one(broker): pass",
}


def passed(output: str) -> list[str]:
    """Return the files whose tests passed."""
    return sorted(re.findall(r"^PASSED (?:\[.*\] )?tests/(\S+)\.py", output, re.MULTILINE))


def test_every_place_that_is_declared_is_there() -> None:
    assert [place for place in (*SYSTEMS, *ALONE, *SAME_EVERYWHERE, *FIRST) if not (ROOT / place).exists()] == []


MARKED = "import pytest\n@pytest.mark.alone\ndef test_one(): pass"


def test_every_test_is_in_one_of_the_passes(tree: Tree) -> None:
    tree.write("tests/e2e/test_a.py")
    tree.write("tests/jobs/test_b.py")
    tree.write("tests/jobs/test_c.py", MARKED)
    tree.write("tests/siege/test_d.py")
    tree.write("tests/e2e/test_e.py", MARKED + "\ndef test_two(): pass")
    said = re.split(r"^── pass .* ──\n", tree.run("tests", "-rp").stdout, flags=re.MULTILINE)
    together, systems, alone, _ = map(passed, said)
    assert together == ["jobs/test_b"]
    assert systems == ["e2e/test_a", "e2e/test_e"]
    assert alone == ["e2e/test_e", "jobs/test_c", "siege/test_d"]


MEETS = """
import os, pathlib, time

def test_one():
    pathlib.Path("{own}").touch()
    end = time.monotonic() + 60
    while not pathlib.Path("{other}").exists():
        assert time.monotonic() < end, "nobody else is under way"
        time.sleep(0.05)
    print("niceness", os.nice(0), "of", os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    assert "{own}" == "there", "a reason"
"""


def test_systems_are_tested_beside_what_computes_and_before_it(tree: Tree) -> None:
    tree.write("tests/jobs/test_b.py", MEETS.format(own="here", other="there"))
    tree.write("tests/e2e/test_a.py", MEETS.format(own="there", other="here"))
    done = tree.run("tests", "-rA")
    (computes, process), (waits, other) = re.findall(r"^niceness (-?\d+) of (gw\d)", done.stdout, re.MULTILINE)
    assert int(computes) > int(waits)
    # A process's name decides which databases are its own.
    assert process in ("gw0", "gw1")
    assert other in ("gw2", "gw3", "gw4")
    # What is said aside is heard, its failures as well.
    assert done.returncode == 1
    assert "tests/jobs/test_b.py::test_one (call): AssertionError: a reason" in done.stdout.rpartition("what failed")[2]
    assert re.search(r"^PASSED (?:\[.*\] )?tests/e2e/test_a.py", done.stdout, re.MULTILINE)


def test_a_pass_loads_no_file_that_has_none_of_its_tests(tree: Tree) -> None:
    for path in ("e2e/test_a", "jobs/test_b", "jobs/test_c", "siege/test_d", "analysis/test_e"):
        tree.write(f"tests/{path}.py", f"import pytest\nprint('loaded {path}')\ndef test_one(): pass")
    tree.write("tests/jobs/test_c.py", f"print('loaded jobs/test_c')\n{MARKED}")
    loaded = {
        which: re.findall(r"^loaded (\S+)", tree.run("pytest", "-s", f"--pass={which}").stdout, re.MULTILINE)
        for which in ("together", "systems", "alone")
    }
    assert loaded == {
        "together": ["analysis/test_e", "jobs/test_b", "jobs/test_c"],
        "systems": ["e2e/test_a"],
        "alone": ["jobs/test_c", "siege/test_d"],
    }
    services = tree.run("pytest", "-s", "--pass=together", "--services").stdout
    assert "loaded analysis" not in services


def test_what_takes_longest_begins_first(tree: Tree) -> None:
    for place in reversed(FIRST):
        tree.write(place)
    tree.write("tests/accounts/test_a.py")
    said = tree.run("pytest", "-v").stdout
    assert re.findall(r"^(tests/\S+)::", said, re.MULTILINE) == [*FIRST, "tests/accounts/test_a.py"]


def test_arguments_may_leave_passes_empty_but_not_all(tree: Tree) -> None:
    tree.write("tests/jobs/test_b.py")
    assert tree.run("tests", "-k", "one").returncode == 0
    assert tree.run("tests", "-k", "two").returncode == NO_TESTS


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ((0, 0), 0),
        ((5, 0), 0),
        ((0, 5), 0),
        ((5, 5), 5),
        ((5, 5, 0), 0),
        ((5, 1), 1),
        ((1, 0), 1),
        ((0, 4), 4),
        ((2,), 2),
    ],
)
def test_a_failure_in_any_pass_is_one(codes: tuple[int, ...], code: int) -> None:
    assert verdict(codes) == code


def test_the_run_on_services_leaves_out_what_they_cannot_change(tree: Tree) -> None:
    for path in ("jobs/test_pure", "analysis/test_c", "analysis/deeper/test_d", "charts/test_e", "e2e/test_f"):
        tree.write(f"tests/{path}.py")
    tree.write("tests/jobs/test_alone.py", MARKED)
    for name, text in STORES.items():
        tree.write(f"tests/jobs/test_{name}.py", text)
    chosen = sorted(["e2e/test_f", "jobs/test_alone", *(f"jobs/test_{name}" for name in STORES)])
    assert passed(tree.run("pytest", "-rp", "--services").stdout) == chosen


def test_what_is_left_out_may_not_touch_a_store(tree: Tree) -> None:
    for name, text in STORES.items():
        tree.write(f"tests/jobs/test_{name}.py", text)
        tree.write(f"tests/analysis/test_{name}.py", text)
    said = tree.run("pytest", "-rpE").stdout
    assert passed(said) == sorted(f"jobs/test_{name}" for name in STORES)
    assert sorted(re.findall(r"^ERROR tests/(\S+)\.py.* It uses a", said, re.MULTILINE)) == sorted(
        f"analysis/test_{name}" for name in STORES
    )


def test_what_failed_is_said_once_more_at_the_end(tree: Tree) -> None:
    tree.write("tests/jobs/test_b.py", "def test_one(): assert [1] == [2], 'a reason'")
    tree.write("tests/jobs/test_c.py", "import pytest\n@pytest.fixture\ndef f(): 1 / 0\ndef test_two(f): pass")
    tree.write("tests/siege/test_d.py", "raise OSError('away')")
    said = tree.run("tests").stdout.rpartition("── what failed ──\n")[2].splitlines()
    assert sorted(said) == [
        "tests/jobs/test_b.py::test_one (call): AssertionError: a reason",
        "tests/jobs/test_c.py::test_two (setup): ZeroDivisionError: division by zero",
        "tests/siege/test_d.py (collect): OSError: away",
    ]


ONCE = """
import pathlib, pytest

@pytest.mark.parametrize("text", ["a b", "[::]"])
def test_{name}(text):
    was = pathlib.Path("{name}" + text[0])
    assert was.exists() or was.touch()

def test_of_more():
    print("was tried")
"""


def test_a_few_that_fail_beside_others_are_tried_once_more_alone(tree: Tree) -> None:
    tree.write("tests/jobs/test_b.py", ONCE.format(name="b"))
    tree.write("tests/e2e/test_a.py", ONCE.format(name="a"))
    tree.write("tests/jobs/test_c.py")
    done = tree.run("tests", "-rA")
    assert done.returncode == 0
    tried = re.split(r"^── pass alone: .*\n", done.stdout, flags=re.MULTILINE)[1]
    assert passed(tried) == ["e2e/test_a"] * 2 + ["jobs/test_b"] * 2
    said = done.stdout.rpartition("── what failed beside others and passed alone ──\n")[2]
    assert len(re.findall(r"^tests/(?:jobs/test_b|e2e/test_a).py::test_[ab]\[.*\] \(call\): ", said, re.M)) == 4
    assert "── what failed ──" not in said


def test_one_of_the_few_that_fails_again_has_failed(tree: Tree) -> None:
    tree.write("tests/jobs/test_b.py", ONCE.format(name="b"))
    tree.write("tests/jobs/test_c.py", "def test_one(): assert False, 'a reason'")
    done = tree.run("tests")
    assert done.returncode == 1
    assert done.stdout.endswith("── what failed ──\ntests/jobs/test_c.py::test_one (call): AssertionError: a reason\n")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tests/siege/test_b.py", ONCE.format(name="b")),  # had the machine to itself
        ("tests/jobs/test_b.py", ONCE.replace('["a b", "[::]"]', "list('abcdef')").format(name="b")),
    ],
    ids=["alone", "many"],
)
def test_what_is_no_accident_is_tried_once(tree: Tree, path: str, text: str) -> None:
    tree.write(path, text)
    done = tree.run("tests")
    assert (done.returncode, "passed alone" in done.stdout) == (1, False)


@pytest.mark.parametrize("options", [TOGETHER, ()], ids=["together", "alone"])
def test_a_test_that_hangs_fails_and_the_others_go_on(tree: Tree, options: tuple[str, ...]) -> None:
    tree.write("tests/jobs/test_b.py", HANGS)
    tree.write("tests/jobs/test_c.py", HANGS)
    said = tree.run("pytest", *options).stdout
    assert "2 failed, 2 passed" in said, said
    assert said.count("Failed: Timeout (>1.0s)") >= 2
    assert "crashed" not in said


@pytest.mark.parametrize(("worker", "number"), [(None, 0), ("gw0", 1), ("gw1", 2)])
def test_every_process_has_a_database_of_its_own_on_given_services(worker: str | None, number: int) -> None:
    script = "import json, os, tests.settings; print(json.dumps([os.environ[n] for n in ('BROKER_URL', 'CACHE_URL')]))"
    told = {"PATH": os.environ["PATH"], **GIVEN, **({"PYTEST_XDIST_WORKER": worker} if worker else {})}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=told, capture_output=True, text=True)
    assert json.loads(done.stdout) == [f"redis://broker:6379/{number}", f"redis://cache:6380/{number}"], done.stderr


def test_every_process_has_servers_of_its_own_where_none_are_given() -> None:
    script = "import os, tests.settings; print(os.environ['BROKER_URL'], os.environ['CACHE_URL'])"
    # As a process of pytest-xdist inherits it from the one that started it.
    told = {"PATH": os.environ["PATH"], **GIVEN, "EMBEDDED_SERVERS_FOR_TESTS": "1", "PYTEST_XDIST_WORKER": "gw0"}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=told, capture_output=True, text=True)
    assert len({*done.stdout.split(), *GIVEN.values()}) == 4, done.stderr
