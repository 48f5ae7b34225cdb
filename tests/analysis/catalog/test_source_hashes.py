"""A hash of what an entry computes with: other for other code or other constants, the same in every process."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from analysis.catalog.registry import ENTRIES
from analysis.catalog.source_hashes import _names, source_hash
from analysis.kernels import relative_strength
from analysis.patterns import abcd_and_three_drives, harmonic, harmonic_ratios
from tests.analysis import wrong


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Hash what there is now: what a process computes with does not change, so hashes are kept."""
    source_hash.cache_clear()


def test_another_function_is_another_source() -> None:
    right = ENTRIES["sma"]
    assert source_hash(replace(right, compute=wrong.right)) != source_hash(right)


def test_another_kernel_is_another_source(monkeypatch: pytest.MonkeyPatch) -> None:
    before, other = source_hash(ENTRIES["rsi"]), source_hash(ENTRIES["sma"])
    names = [name for name, one in vars(relative_strength).items() if callable(one) and name == "_relative_strength"]
    monkeypatch.setattr(relative_strength, names[0], wrong.right)
    source_hash.cache_clear()
    assert source_hash(ENTRIES["rsi"]) != before
    assert source_hash(ENTRIES["sma"]) == other


@pytest.mark.parametrize(
    ("module", "constant", "value", "name"),
    [
        (relative_strength, "FADED", 1e-10, "rsi"),
        (harmonic, "FAMILIES", tuple(reversed(harmonic_ratios.FAMILIES)), "gartley"),
        (abcd_and_three_drives, "EQUAL", 2 * np.array(abcd_and_three_drives.EQUAL), "abcd"),
        (abcd_and_three_drives, "EXTENSIONS", (1.27, 1.618, 2.0), "three_drives"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_another_constant_is_another_source(
    monkeypatch: pytest.MonkeyPatch, module: object, constant: str, value: object, name: str
) -> None:
    before = source_hash(ENTRIES[name])
    monkeypatch.setattr(module, constant, value)
    source_hash.cache_clear()
    assert source_hash(ENTRIES[name]) != before


def test_what_the_entry_states_is_part_of_it() -> None:
    right = ENTRIES["rsi"]
    (period,) = right.params
    assert source_hash(replace(right, params=(replace(period, default=15),))) != source_hash(right)
    assert source_hash(replace(right, warmup=lambda _: 3)) != source_hash(right)
    assert source_hash(replace(right, title="Another title")) == source_hash(right)


def test_every_process_has_the_same_hashes() -> None:
    program = (
        "from analysis.catalog import catalog\nfrom analysis.catalog.source_hashes import source_hash\n"
        "import analysis\nprint(*[source_hash(entry) for entry in catalog()])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [source_hash(ENTRIES[name]) for name in _by_catalog()]


def test_compiling_a_loop_changes_no_hash() -> None:
    before = {name: source_hash(entry) for name, entry in ENTRIES.items()}
    from analysis.precompile import precompile

    precompile()
    source_hash.cache_clear()
    assert {name: source_hash(entry) for name, entry in ENTRIES.items()} == before


def test_what_a_comprehension_calls_is_part_of_the_source() -> None:
    def nested(rows: list[list[int]]) -> list[list[int]]:
        return [[abs(one) for one in row] for row in rows]

    assert "abs" in _names(nested.__code__)


def _by_catalog() -> list[str]:
    from analysis.catalog import catalog

    return [entry.name for entry in catalog()]
