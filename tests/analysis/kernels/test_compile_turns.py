"""Two processes that compile loops of one file do so one after the other."""

import fcntl
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from analysis.kernels import compile_turns
from analysis.kernels.compile_turns import in_turn

LOOPS = """
def twice(value):
    return value + value

def fourfold(value):
    return twice(twice(value))
"""
# Both compile both, for two types that each has alone and one that both have.
PROGRAM = """
import sys
from loops import fourfold
from analysis.kernels.jit import jit
own = {"1": [1, 1j], "2": [1.0, 1j]}[sys.argv[1]]
print([jit[fourfold](value) for value in own])
print(jit[fourfold].stats.cache_misses)
"""


def test_who_compiles_waits_until_another_process_has_done(tmp_path: Path) -> None:
    path, compiled = tmp_path / "loops.py", Event()
    path.write_text(LOOPS)
    with path.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = Thread(target=in_turn(lambda _: compiled.set(), str(path)), args=((),), daemon=True)
        waiting.start()
        assert not compiled.wait(0.3)
    assert compiled.wait(10)
    waiting.join(10)


def test_a_loop_has_those_compiled_that_it_calls(tmp_path: Path) -> None:
    path = tmp_path / "loops.py"
    path.write_text(LOOPS)
    inner = in_turn(lambda types: ("inner", types), str(path))
    assert in_turn(lambda types: inner(types), str(path))((int,)) == ("inner", (int,))


def test_a_fault_ends_the_turn(tmp_path: Path) -> None:
    path = tmp_path / "loops.py"
    path.write_text(LOOPS)

    def fail(_: Any) -> None:
        raise TypeError

    for _ in range(2):
        with pytest.raises(TypeError):
            in_turn(fail, str(path))(())


def test_where_a_file_cannot_be_locked_everybody_compiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError

    path = tmp_path / "loops.py"
    path.write_text(LOOPS)
    monkeypatch.setattr(compile_turns.fcntl, "flock", refuse)
    assert in_turn(lambda types: types, str(path))((int,)) == (int,)


def test_two_processes_keep_what_both_have_compiled(tmp_path: Path) -> None:
    (tmp_path / "loops.py").write_text(LOOPS)

    def begin(one: str) -> subprocess.Popen[str]:
        path = f"{tmp_path}:{Path.cwd()}"
        environment = {"PYTHONPATH": path, "PATH": "/usr/bin:/bin"}
        command = [sys.executable, "-c", PROGRAM, one]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=tmp_path)

    both = [begin("1"), begin("2")]
    assert [one.communicate()[0].splitlines()[0] for one in both] == ["[4, 4j]", "[4.0, 4j]"]
    again = [begin("1").communicate()[0].splitlines(), begin("2").communicate()[0].splitlines()]
    assert [lines[1] for lines in again] == ["Counter()", "Counter()"], "what one has compiled, the other has lost"
    assert len(list((tmp_path / "__pycache__").glob("loops.fourfold-*.nbc"))) == 3
