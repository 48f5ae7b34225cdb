"""Every contract, over every entry of the registry."""

from pathlib import Path

import numpy as np
import pytest

from analysis import registry
from analysis.errors import PlanError
from analysis.plan import Plan
from analysis.spec import Entry
from tests.analysis import checks, parameters, real, series

INDICATORS = [entry for entry in registry.ENTRIES.values() if entry.kind == "indicator"]
PATTERNS = [entry for entry in registry.ENTRIES.values() if entry.kind == "pattern"]
indicator = pytest.mark.parametrize("entry", INDICATORS, ids=lambda entry: entry.name)
pattern = pytest.mark.parametrize("entry", PATTERNS, ids=lambda entry: entry.name)


@indicator
def test_columns_are_float64_of_the_inputs_length_with_exactly_the_warmup_unknown(entry: Entry) -> None:
    for values in parameters.parameter_sets(entry):
        lead = entry.warmup(values)
        checks.warmup(entry, values)
        for bars in (
            series.walk(lead + 150),
            series.rough(lead + 150),
            series.walk(lead + 1),
            series.walk(max(1, lead)),
        ):
            checks.shape(entry, bars, values)


@indicator
def test_inputs_are_never_written_and_the_same_bars_give_the_same_bits(entry: Entry) -> None:
    for values in parameters.parameter_sets(entry):
        checks.inputs_untouched(entry, values)
        checks.deterministic(entry, values)


@indicator
def test_no_value_changes_when_later_bars_arrive(entry: Entry) -> None:
    for place, values in enumerate(parameters.parameter_sets(entry)):
        lead = entry.warmup(values)
        for bars in (series.rough(lead + 120), series.intraday(lead + 120)):
            checks.point_in_time(entry, bars, values, checks.cuts(lead, len(bars), place))
    smallest = list(parameters.parameter_sets(entry))[min(1, len(entry.params))]
    short = series.rough(entry.warmup(smallest) + 60)
    checks.point_in_time(entry, short, smallest, range(1, len(short)))


@indicator
def test_no_value_changes_when_later_bars_arrive_on_the_shipped_series(entry: Entry) -> None:
    values = entry.defaults()
    for symbol in ("AAPL", "SPX"):
        bars = series.demo(symbol, entry.warmup(values) + 500)
        checks.point_in_time(entry, bars, values, checks.cuts(entry.warmup(values), len(bars), 1, 4, 8))


@indicator
def test_no_value_changes_when_later_bars_arrive_on_real_series(entry: Entry, shared: Path) -> None:
    values = entry.defaults()
    for bars in real.series(shared, entry.warmup(values) + 400):
        checks.point_in_time(entry, bars, values, checks.cuts(entry.warmup(values), len(bars), 2, 3, 6))


@indicator
def test_an_unknown_input_never_becomes_a_number(entry: Entry) -> None:
    for values in parameters.parameter_sets(entry):
        checks.unknown_stays_unknown(entry, values)
    checks.no_volume(entry)


@indicator
def test_a_series_that_never_moves_gives_the_declared_value(entry: Entry) -> None:
    for values in parameters.parameter_sets(entry):
        checks.flat_series(entry, values)


@indicator
def test_a_series_that_stops_moving_comes_to_the_declared_value(entry: Entry) -> None:
    checks.halted_series(entry, entry.defaults())


@indicator
def test_history_is_of_the_declared_kind(entry: Entry) -> None:
    for values in parameters.parameter_sets(entry):
        span = checks.span(entry, values)
        for bars in (series.walk(2 * span + 200), series.rough(span + 200)):
            checks.history(entry, bars, values, (1, 17, min(span, len(bars) - span - 20)))


@indicator
def test_history_is_of_the_declared_kind_on_the_shipped_series(entry: Entry) -> None:
    values = entry.defaults()
    bars = series.demo("MSFT", checks.span(entry, values) + 600)
    checks.history(entry, bars, values, (1, 100, 300))


@indicator
@pytest.mark.parametrize("price", [2.0**10, 2.0**-27], ids=["large", "small"])
def test_another_currency_changes_nothing_but_the_unit(entry: Entry, price: float) -> None:
    """Powers of two scale exactly, so that ties stay ties; digits stay the same by powers of ten alone."""
    if entry.is_decimal:
        price = 1_000.0 if price > 1 else 1e-6
    checks.scale(entry, entry.defaults(), price, 1.0)


@indicator
def test_volume_in_lots_changes_nothing_but_the_unit(entry: Entry) -> None:
    checks.scale(entry, entry.defaults(), 1.0, 2.0**-7)


@indicator
def test_parameters_out_of_bounds_are_refused_with_their_pointer(entry: Entry) -> None:
    for param in entry.params:
        for bad in parameters.bad_values(param):
            with pytest.raises(PlanError) as caught:
                Plan.parse([{"name": entry.name, "params": {param.name: bad}}])
            assert caught.value.faults[0].pointer == f"/0/params/{param.name}", bad


@indicator
@pytest.mark.parametrize("price", [1e-9, 1e12])
def test_extreme_prices_are_computed_without_a_warning(entry: Entry, price: float) -> None:
    values = entry.defaults()
    checks.shape(entry, series.scaled(series.walk(entry.warmup(values) + 100), price), values)


@indicator
def test_bars_without_any_volume_traded_are_no_error(entry: Entry) -> None:
    values = entry.defaults()
    bars = series.walk(entry.warmup(values) + 100)
    checks.shape(entry, series.changed(bars, volume=np.zeros(len(bars))), values)


@indicator
def test_what_the_entry_says_of_itself_is_complete(entry: Entry) -> None:
    assert entry.title[0].isupper()
    assert len(entry.source) > 8
    assert entry.compute.__doc__.startswith("Return ")
    assert entry.history in ("window", "converging", "path", "cumulative")
    for values in parameters.parameter_sets(entry):
        assert isinstance(entry.warmup(values), int)
    assert entry.to_dict()["name"] == entry.name


@pattern
def test_no_event_changes_when_later_bars_arrive(entry: Entry) -> None:
    for bars in (series.rough(400), series.walk(300)):
        checks.events_point_in_time(entry, bars, checks.cuts(5, len(bars), 0, 40, 25))


@pattern
def test_no_event_changes_when_later_bars_arrive_on_the_shipped_series(entry: Entry) -> None:
    for symbol in ("AAPL", "GOOG"):
        bars = series.demo(symbol, 800)
        checks.events_point_in_time(entry, bars, checks.cuts(5, len(bars), 1, 5, 10))


@pattern
def test_no_event_changes_when_later_bars_arrive_on_real_series(entry: Entry, shared: Path) -> None:
    for bars in real.series(shared, 500):
        checks.events_point_in_time(entry, bars, checks.cuts(5, len(bars), 1, 3, 6))


@pattern
def test_no_event_on_too_few_bars(entry: Entry) -> None:
    for count in (1, 2):
        assert checks.events(entry, series.walk(30).slice(0, count)) == []
