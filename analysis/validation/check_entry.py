"""The checks that every entry of the catalogue must pass, as a list: `check_entry(entry)` runs those of its kind.

They need nothing but the entry: series are made, the same every time. Each raises AssertionError with what was broken,
so they do nothing under `python -O`. docs/contributing/entry-checks.md says what each of them is for.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from analysis.catalog.entry import Entry
from analysis.errors import PlanError
from analysis.plan import Plan
from analysis.validation import entry_checks, series
from analysis.validation.bad_tick_check import forgets
from analysis.validation.parameters import bad_values, parameter_sets

Check = Callable[[Entry], None]
# Powers of two scale exactly, so that ties stay ties; digits stay the same by powers of ten alone.
CURRENCIES = ((2.0**10, 1_000.0), (2.0**-27, 1e-6))


def check_entry(entry: Entry) -> None:
    """Run every check of the entry's kind; AssertionError with the first contract that it breaks."""
    for check in checks_of(entry):
        check(entry)


def checks_of(entry: Entry) -> Iterator[Check]:
    """Yield the checks that an entry of this kind must pass; of a pattern that has columns those of indicators too."""
    if entry.kind == "pattern":
        yield from PATTERN_CHECKS
    if has_columns_of_its_own(entry):
        yield from INDICATOR_CHECKS


def has_columns_of_its_own(entry: Entry) -> bool:
    """Return whether an entry's columns say more than its events do: any indicator's, and some patterns'."""
    return bool(entry.outputs) and entry.category != "candlesticks"


def columns_have_the_declared_shape(entry: Entry) -> None:
    """Columns are float64, of the input's length, in range, never infinite, and unknown for exactly the warm-up."""
    for values in parameter_sets(entry):
        lead = entry.warmup(values)
        entry_checks.warmup(entry, values)
        for bars in (
            series.walk(lead + 150),
            series.rough(lead + 150),
            series.walk(lead + 1),
            series.walk(max(1, lead)),
        ):
            entry_checks.shape(entry, bars, values)


def inputs_are_never_written(entry: Entry) -> None:
    """No input is written, no output is an input in disguise, and the same bars give the same bits."""
    for values in parameter_sets(entry):
        entry_checks.inputs_untouched(entry, values)
        entry_checks.deterministic(entry, values)


def a_window_forgets_what_has_left_it(entry: Entry) -> None:
    """A bad tick of an entry whose past is a window is forgotten when it has left that, to 1e-9."""
    if entry.history == "window":
        for values in parameter_sets(entry):
            forgets(entry, values)


def no_value_looks_ahead(entry: Entry) -> None:
    """No value that is known at a bar changes when later bars arrive."""
    for place, values in enumerate(parameter_sets(entry)):
        lead = entry.warmup(values)
        for bars in (series.rough(lead + 120), series.intraday(lead + 120)):
            entry_checks.point_in_time(entry, bars, values, entry_checks.cuts(lead, len(bars), place))
    smallest = list(parameter_sets(entry))[min(1, len(entry.params))]
    short = series.rough(entry.warmup(smallest) + 60)
    entry_checks.point_in_time(entry, short, smallest, range(1, len(short)))


def unknown_stays_unknown(entry: Entry) -> None:
    """A NaN in an input never becomes a number, and bars without volume are unknown to what needs it."""
    for values in parameter_sets(entry):
        entry_checks.unknown_stays_unknown(entry, values)
    entry_checks.no_volume(entry)


def a_price_that_never_moves_gives_the_declared_value(entry: Entry) -> None:
    """On bars of one price every value after the warm-up is the declared `constant_value`."""
    for values in parameter_sets(entry):
        entry_checks.flat_series(entry, values)


def a_series_that_stops_comes_to_the_declared_value(entry: Entry) -> None:
    """Long after price and volume have stopped the values are the declared `settled_value`."""
    entry_checks.halted_series(entry, entry.defaults())


def history_is_of_the_declared_kind(entry: Entry) -> None:
    """Where the series begins matters as little as `history` and `converged_after` say."""
    for values in parameter_sets(entry):
        span = entry_checks.span(entry, values)
        for bars in (series.walk(2 * span + 200), series.rough(span + 200)):
            entry_checks.history(entry, bars, values, (1, 17, min(span, len(bars) - span - 20)))


def another_currency_changes_the_unit_alone(entry: Entry) -> None:
    """In another currency, or with volume in lots, a column is the same but for its declared unit."""
    for binary, decimal in CURRENCIES:
        entry_checks.scale(entry, entry.defaults(), decimal if entry.depends_on_price_digits else binary, 1.0)
    entry_checks.scale(entry, entry.defaults(), 1.0, 2.0**-7)


def bad_parameters_are_refused_where_they_are(entry: Entry) -> None:
    """A parameter out of its declared bounds, or of another type, is a fault that points to it."""
    for param in entry.params:
        for bad in bad_values(param):
            pointers = _pointers_of_faults({"name": entry.name, "params": {param.name: bad}})
            assert pointers[:1] == [f"/0/params/{param.name}"], f"{param.name} = {bad!r}: faults at {pointers}"


def _pointers_of_faults(analysis: dict[str, Any]) -> list[str]:
    try:
        Plan.parse([analysis])
    except PlanError as error:
        return [fault.pointer for fault in error.faults]
    return []


def extreme_bars_are_no_error(entry: Entry) -> None:
    """Prices of 1e-9 and of 1e12, and bars on which nothing was traded, are computed without a warning."""
    values = entry.defaults()
    bars = series.walk(entry.warmup(values) + 100)
    for price in (1e-9, 1e12):
        entry_checks.shape(entry, series.scaled(bars, price), values)
    entry_checks.shape(entry, series.changed(bars, volume=np.zeros(len(bars))), values)


def the_entry_is_described(entry: Entry) -> None:
    """Title, source, kind of history and the sentence of what it returns are there."""
    assert entry.title[0].isupper(), "the title begins with a capital"
    assert len(entry.source) > 8, "the source names a publication"
    assert (entry.compute.__doc__ or "").startswith("Return "), "the docstring says what is returned"
    assert entry.history in ("window", "converging", "path", "cumulative"), f"unknown history {entry.history!r}"
    assert all(isinstance(entry.warmup(values), int) for values in parameter_sets(entry)), "a warm-up is a whole number"
    assert entry.to_dict()["name"] == entry.name


def no_event_looks_ahead(entry: Entry) -> None:
    """No event, and nothing that became of one, changes when later bars arrive."""
    for bars in (series.rough(400), series.walk(300)):
        entry_checks.events_point_in_time(entry, bars, entry_checks.cuts(5, len(bars), 0, 40, 25))


def too_few_bars_have_no_event(entry: Entry) -> None:
    """One or two bars are no pattern, and no error."""
    for count in (1, 2):
        assert entry_checks.events(entry, series.walk(30).slice(0, count)) == [], f"an event on {count} bars"


INDICATOR_CHECKS: tuple[Check, ...] = (
    columns_have_the_declared_shape,
    inputs_are_never_written,
    no_value_looks_ahead,
    a_window_forgets_what_has_left_it,
    unknown_stays_unknown,
    a_price_that_never_moves_gives_the_declared_value,
    a_series_that_stops_comes_to_the_declared_value,
    history_is_of_the_declared_kind,
    another_currency_changes_the_unit_alone,
    bad_parameters_are_refused_where_they_are,
    extreme_bars_are_no_error,
    the_entry_is_described,
)
PATTERN_CHECKS: tuple[Check, ...] = (no_event_looks_ahead, too_few_bars_have_no_event)
