"""An answer is reused only while what it was computed with is the same: code and constants, not a version alone."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.catalog import source_hashes
from analysis.catalog.registry import ENTRIES
from analysis.patterns import harmonic
from jobs.services.run_chunk import run_chunk
from jobs.states import State
from tests.jobs.conftest import only_chunk


@pytest.fixture(autouse=True)
def _as_a_new_process(monkeypatch):
    """Hash again what was hashed before: a process takes its sources for unchanged as long as it lives."""
    source_hashes.source_hash.cache_clear()
    yield
    monkeypatch.undo()
    source_hashes.source_hash.cache_clear()


def test_an_edited_indicator_is_computed_again(submit_inline, clock, monkeypatch) -> None:
    run_chunk(only_chunk(submit_inline(analyses=["rsi"])).pk, clock=clock)
    assert submit_inline(analyses=["rsi"]).reused

    def edited(source, /, *, period):
        return np.full(len(source), 51.0)

    monkeypatch.setitem(ENTRIES, "rsi", replace(ENTRIES["rsi"], compute=edited))
    again = submit_inline(analyses=["rsi"])
    assert (again.state, again.reused) == (State.ACCEPTED, False)


def test_an_indicator_inside_an_expression_counts_as_well(submit_inline, clock, monkeypatch) -> None:
    asked = ["sma(rsi(14), 3) > 50"]
    run_chunk(only_chunk(submit_inline(analyses=asked)).pk, clock=clock)
    assert submit_inline(analyses=asked).reused
    monkeypatch.setitem(ENTRIES, "rsi", replace(ENTRIES["rsi"], warmup=lambda values: int(values["period"]) + 1))
    assert not submit_inline(analyses=asked).reused


def test_an_edited_table_of_ratios_is_computed_again(submit_inline, clock, monkeypatch) -> None:
    run_chunk(only_chunk(submit_inline(analyses=["gartley"])).pk, clock=clock)
    assert submit_inline(analyses=["gartley"]).reused
    monkeypatch.setattr(harmonic, "FAMILIES", tuple(reversed(harmonic.FAMILIES)))
    source_hashes.source_hash.cache_clear()
    again = submit_inline(analyses=["gartley"])
    assert (again.state, again.reused) == (State.ACCEPTED, False)


def test_an_entry_that_is_not_asked_for_does_not_count(submit_inline, clock, monkeypatch) -> None:
    run_chunk(only_chunk(submit_inline(analyses=["rsi"])).pk, clock=clock)
    monkeypatch.setitem(ENTRIES, "sma", replace(ENTRIES["sma"], warmup=lambda _: 1))
    assert submit_inline(analyses=["rsi"]).reused


def test_the_files_that_every_answer_passes_through_count(submit_inline, clock, monkeypatch) -> None:
    run_chunk(only_chunk(submit_inline(analyses=["rsi"])).pk, clock=clock)
    monkeypatch.setattr(source_hashes, "SHARED_FILES", source_hashes.SHARED_FILES[1:])
    source_hashes.shared_hash.cache_clear()
    try:
        assert not submit_inline(analyses=["rsi"]).reused
    finally:
        source_hashes.shared_hash.cache_clear()


def test_what_a_worker_of_another_release_computes_is_answered_and_never_reused(
    submit_inline, clock, monkeypatch
) -> None:
    job = submit_inline(analyses=["rsi"])
    with monkeypatch.context() as other_release:
        other_release.setitem(ENTRIES, "rsi", replace(ENTRIES["rsi"], warmup=lambda values: int(values["period"]) + 1))
        run_chunk(only_chunk(job).pk, clock=clock)
    job.refresh_from_db()
    assert (job.state, job.fingerprint) == (State.SUCCEEDED, "")
    assert not submit_inline(analyses=["rsi"]).reused
