"""Every entry has a certificate, and it is of the entry's present source."""

import subprocess
import sys
from dataclasses import replace

import pytest

from analysis import catalog, registry
from analysis.certificates import _names, certificates, source_hash
from analysis.engine import VERSION
from analysis.spec import Entry
from tests.analysis import wrong
from tests.analysis.certify import certificate

AGAIN = "run `python -m tests.analysis.certify`"


@pytest.mark.parametrize("entry", registry.ENTRIES.values(), ids=lambda entry: entry.name)
def test_every_entry_has_a_certificate_of_its_present_source(entry: Entry) -> None:
    one = certificates().get(entry.name)
    assert one is not None, f"{entry.name} has no certificate: {AGAIN}"
    assert one["source"] == source_hash(entry), f"the certificate of {entry.name} is stale: {AGAIN}"
    assert (one["point_in_time"], one["engine"]) == (True, VERSION)
    assert len(one["series"]) >= 6
    assert one["prefixes"] >= 50


def test_no_certificate_is_of_an_entry_that_is_gone() -> None:
    assert set(certificates()) == set(registry.ENTRIES), AGAIN


def test_a_change_of_the_function_or_of_a_kernel_makes_it_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    right = registry.ENTRIES["sma"]
    assert source_hash(replace(right, compute=wrong.right)) != source_hash(right)
    stochastic, before = registry.ENTRIES["stochastic_rsi"], source_hash(registry.ENTRIES["stochastic_rsi"])
    names = [
        name for name, one in stochastic.compute.__globals__.items() if name in stochastic.compute.__code__.co_names
    ]
    ours = [
        name
        for name in names
        if str(getattr(stochastic.compute.__globals__[name], "__module__", "")).startswith("analysis")
    ]
    monkeypatch.setitem(stochastic.compute.__globals__, ours[0], source_hash)
    assert source_hash(stochastic) != before


def test_a_leaking_indicator_gets_none() -> None:
    with wrong.instead_of("sma", wrong.looks_ahead) as entry, pytest.raises(AssertionError, match="changes after"):
        certificate(entry)


def test_the_catalogue_is_printed_with_its_certificates() -> None:
    # In a process of its own: the module's name is the function's.
    done = subprocess.run(
        [sys.executable, "-m", "analysis.catalog"], capture_output=True, text=True, check=True, timeout=60
    )
    lines = done.stdout.splitlines()
    assert sum("point in time on" in line for line in lines) == len(catalog())
    assert lines[-1].startswith(f"{len(catalog())} entries, {len(catalog())} with a certificate")
    assert done.stderr == ""


def test_what_a_comprehension_calls_is_part_of_the_source() -> None:
    def nested(rows: list[list[int]]) -> list[list[int]]:
        return [[abs(one) for one in row] for row in rows]

    assert "abs" in _names(nested.__code__)
