"""What is compiled before the first job comes."""

import subprocess
import sys
from pathlib import Path

import pytest

from analysis import precompile as module
from analysis.catalog.registry import ENTRIES
from analysis.precompile import MOST_PROCESSES, precompile_together

PROGRAM = """
import sys
from analysis import Plan, run
from analysis.catalog import catalog
from analysis.catalog.registry import ENTRIES
from analysis.kernels.jit import fused, jit
from analysis.precompile import precompile, precompile_together
from analysis.validation import series

def kinds():
    # Of arguments that any loop was compiled for, or read from where it was kept.
    return sum(len(loop.signatures) for loop in {*jit.values(), *fused.values()})

{"alone": precompile, "together": lambda: precompile_together(2)}[sys.argv[1]]()
before, bars = kinds(), series.rough(400)
for entry in catalog():
    run(Plan.parse([entry.name]), bars, benchmark=bars)
    if ENTRIES[entry.name].takes_source:
        run(Plan.parse([{"name": entry.name, "source": "sma(volume, 5)"}]), bars, benchmark=bars)
print(before > 100, kinds() - before, len({*jit} & {*fused}))
"""


@pytest.mark.parametrize("how", ["alone", "together"])
def test_after_precompiling_no_entry_compiles_anything_on_bars_or_on_another_entry(how: str) -> None:
    """No loop is compiled both ways either: which of them another loop calls would depend on which came first."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "0", "0"]


def test_the_command_counts_up_to_every_entry() -> None:
    done = subprocess.run([sys.executable, "-m", "analysis.precompile"], capture_output=True, text=True, check=True)
    counts = [int(line.removeprefix("compiled: ").partition(" of ")[0]) for line in done.stdout.splitlines()]
    assert counts == sorted(set(counts))
    assert len(counts) > 5
    assert counts[-1] == len(ENTRIES)
    assert done.stderr == ""


@pytest.mark.parametrize("parts", [1, 2, 3, 4])
def test_each_process_runs_every_entry_and_begins_elsewhere(parts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "run", lambda *_, **__: None)
    walks = [list(module._one_by_one(part, parts)) for part in range(parts)]
    assert all(sorted(walk) == sorted(ENTRIES) for walk in walks)
    begun = [name for walk in walks for name in walk[: len(ENTRIES) // parts]]
    assert len(set(begun)) == len(begun)


def test_what_others_leave_when_they_die_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(module.sys, "executable", "/bin/false")
    precompile_together(3, lambda done, total: told.append((done, total)))
    assert told[-1] == (len(ENTRIES), len(ENTRIES))


@pytest.mark.parametrize(
    ("cores", "megabytes", "processes"), [(1, 64_000, 1), (2, 1_000, 1), (2, 4_000, 2), (64, 64_000, 4)]
)
def test_there_are_as_many_processes_as_cores_and_memory(
    cores: int, megabytes: int, processes: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    memory = tmp_path / "meminfo"
    memory.write_text(f"MemTotal: 1 kB\nMemAvailable:   {megabytes << 10} kB\n")
    monkeypatch.setattr(module, "MEMORY", memory)
    monkeypatch.setattr(module.os, "sched_getaffinity", lambda _: set(range(cores)))
    assert module._processes() == processes <= MOST_PROCESSES
