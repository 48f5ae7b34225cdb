"""The common checks and the oracles catch what they are for."""

from collections.abc import Callable

import pytest

from analysis.catalog import registry
from analysis.catalog.entry import Entry
from analysis.validation import entry_checks, series
from analysis.validation.bad_tick_check import forgets
from tests.analysis import wrong
from tests.analysis.oracles import cases, sources
from tests.analysis.shipped import ROOT

PERIOD = {"period": 20}


def _shape(entry: Entry) -> None:
    entry_checks.warmup(entry, PERIOD)
    entry_checks.shape(entry, series.rough(150), PERIOD)


def _point_in_time(entry: Entry) -> None:
    bars = series.rough(150)
    entry_checks.point_in_time(entry, bars, PERIOD, entry_checks.cuts(19, len(bars)))


def _bad_tick(entry: Entry) -> None:
    forgets(entry, PERIOD)


def _history(entry: Entry) -> None:
    entry_checks.history(entry, series.walk(300), PERIOD, (1, 17, 100))


CAUGHT: list[tuple[Callable[..., object], Callable[[Entry], None], str]] = [
    (wrong.looks_ahead, _point_in_time, "changes after bar"),
    (wrong.keeps_residues, _bad_tick, "off for good"),
    (wrong.centred, _point_in_time, "changes after bar"),
    (wrong.repaints, _point_in_time, "changes after bar"),
    (wrong.warms_up_early, _shape, "declared 19"),
    (wrong.warms_up_late, _shape, "declared 19"),
    (wrong.zero_for_unknown, _shape, "declared 19"),
    (wrong.whole_numbers, _shape, "declared 19|float64"),
    (wrong.too_short, _shape, "declared 19|long"),
    (wrong.infinite, lambda entry: entry_checks.shape(entry, series.rough(150), PERIOD), "infinite"),
    (wrong.forgets_nothing, _history, "allowed"),
    (wrong.returns_its_input, lambda entry: entry_checks.inputs_untouched(entry, PERIOD), "column itself"),
    (wrong.wrong_scale, lambda entry: entry_checks.scale(entry, PERIOD, 1024.0, 1.0), "is not a"),
    (wrong.changes_its_mind, lambda entry: entry_checks.deterministic(entry, PERIOD), "differ"),
    (wrong.zero_for_unknown, lambda entry: entry_checks.unknown_stays_unknown(entry, PERIOD), "became a number"),
    (wrong.wrong_scale, lambda entry: entry_checks.flat_series(entry, PERIOD), "when flat"),
    (wrong.forgets_nothing, lambda entry: entry_checks.halted_series(entry, PERIOD), "when halted"),
]


@pytest.mark.parametrize(
    ("compute", "check", "says"), CAUGHT, ids=[f"{c.__name__}-{n}" for n, (c, _, _) in enumerate(CAUGHT)]
)
def test_a_wrong_average_is_caught(compute: Callable[..., object], check: Callable[[Entry], None], says: str) -> None:
    with wrong.instead_of("sma", compute) as entry, pytest.raises(AssertionError, match=says):
        check(entry)


@pytest.mark.parametrize("check", dict.fromkeys(check for _, check, _ in CAUGHT))
def test_the_right_average_passes_the_same_checks(check: Callable[[Entry], None]) -> None:
    with wrong.instead_of("sma", wrong.right) as entry:
        check(entry)


def test_an_indicator_that_writes_its_input_is_stopped() -> None:
    with wrong.instead_of("sma", wrong.writes_its_input) as entry, pytest.raises(ValueError, match="read-only"):
        entry_checks.inputs_untouched(entry, PERIOD)


def test_a_seed_that_weighs_longer_than_declared_is_caught() -> None:
    right = registry.ENTRIES["ema"]
    wrongly = wrong.instead_of("ema", right.compute, converged_after=lambda p: 3 * int(p["period"]))
    with wrongly as entry, pytest.raises(AssertionError, match="apart"):
        entry_checks.history(entry, series.walk(400), PERIOD, (1, 17, 100))


def test_a_wrong_smoothing_is_caught_by_the_oracle() -> None:
    source = sources.skender("rsi", value="rsi")
    with wrong.instead_of("rsi", wrong.smoothed_as_an_ema), pytest.raises(AssertionError, match="relative"):
        cases.compare(cases.Case("rsi", {"period": 14}, source), ROOT / source.folder)
