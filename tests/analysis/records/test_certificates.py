"""Every entry has a certificate, and it is of the entry's present source."""

import subprocess
import sys

import pytest

from analysis.catalog import catalog, registry
from analysis.catalog.entry import Entry
from analysis.records.certificates import certificate, certified
from analysis.validation.certificates import certify, is_current
from analysis.validation.dense_prefixes import is_path_detector
from tests.analysis import wrong

AGAIN = "run `make certify` and commit what it writes"


@pytest.mark.parametrize("entry", registry.ENTRIES.values(), ids=lambda entry: entry.name)
def test_every_entry_has_a_certificate_of_its_present_source(entry: Entry) -> None:
    found = certificate(entry.name)
    assert found is not None, f"{entry.name} has no certificate: {AGAIN}"
    assert is_current(entry, found), f"the certificate of {entry.name} is stale: {AGAIN}"
    assert found["point_in_time"] is True
    assert len(found["series"]) >= 6
    assert found["prefixes"] >= (3_000 if is_path_detector(entry) else 50)


def test_no_certificate_is_of_an_entry_that_is_gone() -> None:
    assert certified() == set(registry.ENTRIES), AGAIN


def test_a_leaking_indicator_gets_none() -> None:
    with wrong.instead_of("sma", wrong.looks_ahead) as entry, pytest.raises(AssertionError, match="changes after"):
        certify(entry, {})


def test_the_catalogue_is_printed_with_its_certificates() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "analysis.catalog"], capture_output=True, text=True, check=True, timeout=60
    )
    lines = done.stdout.splitlines()
    assert sum("point in time on" in line for line in lines) == len(catalog())
    for entry, line in zip(catalog(), lines, strict=False):
        texts = [entry.name, *(f"{param.name}={param.default}" for param in entry.params)]
        assert set(texts) <= set(line.replace(",", " ").split()), line
    assert lines[-1].startswith(f"{len(catalog())} entries, {len(catalog())} with a certificate")
    assert done.stderr == ""
