"""Every check, over every entry of the registry; those on made series are public, those on real ones stand here."""

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.catalog import registry
from analysis.catalog.entry import Entry
from analysis.validation import entry_checks
from analysis.validation.check_entry import INDICATOR_CHECKS, PATTERN_CHECKS, Check, has_columns_of_its_own
from tests.analysis import real
from tests.analysis.shipped import demo

INDICATORS = [entry for entry in registry.ENTRIES.values() if has_columns_of_its_own(entry)]
PATTERNS = [entry for entry in registry.ENTRIES.values() if entry.kind == "pattern"]
indicator = pytest.mark.parametrize("entry", INDICATORS, ids=lambda entry: entry.name)
pattern = pytest.mark.parametrize("entry", PATTERNS, ids=lambda entry: entry.name)


@indicator
@pytest.mark.parametrize("check", INDICATOR_CHECKS, ids=lambda check: check.__name__)
def test_every_indicator(check: Check, entry: Entry) -> None:
    check(entry)


@pattern
@pytest.mark.parametrize("check", PATTERN_CHECKS, ids=lambda check: check.__name__)
def test_every_pattern(check: Check, entry: Entry) -> None:
    check(entry)


@indicator
def test_no_value_changes_when_later_bars_arrive_on_the_shipped_series(entry: Entry) -> None:
    values = entry.defaults()
    for symbol in ("AAPL", "SPX"):
        bars = demo(symbol, entry.warmup(values) + 500)
        entry_checks.point_in_time(entry, bars, values, entry_checks.cuts(entry.warmup(values), len(bars), 1, 4, 8))


@indicator
def test_no_value_changes_when_later_bars_arrive_on_real_series(entry: Entry, shared: Callable[[str], Path]) -> None:
    values = entry.defaults()
    for bars in real.series(shared("data"), entry.warmup(values) + 400):
        entry_checks.point_in_time(entry, bars, values, entry_checks.cuts(entry.warmup(values), len(bars), 2, 3, 6))


@indicator
def test_history_is_of_the_declared_kind_on_the_shipped_series(entry: Entry) -> None:
    values = entry.defaults()
    bars = demo("MSFT", entry_checks.span(entry, values) + 600)
    entry_checks.history(entry, bars, values, (1, 100, 300))


@pattern
def test_no_event_changes_when_later_bars_arrive_on_the_shipped_series(entry: Entry) -> None:
    for symbol in ("AAPL", "GOOG"):
        bars = demo(symbol, 800)
        entry_checks.events_point_in_time(entry, bars, entry_checks.cuts(5, len(bars), 1, 5, 10))


@pattern
def test_no_event_changes_when_later_bars_arrive_on_real_series(entry: Entry, shared: Callable[[str], Path]) -> None:
    for bars in real.series(shared("data"), 500):
        entry_checks.events_point_in_time(entry, bars, entry_checks.cuts(5, len(bars), 1, 3, 6))
