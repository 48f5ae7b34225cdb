"""Appended bars: the answers of a state are those of a run over everything."""

import numpy as np
import pytest

from analysis import Plan, State, begin, run, update
from analysis.bars import Bars
from analysis.catalog import registry
from analysis.catalog.entry import Entry
from analysis.errors import BarsError, CodecError, PlanError
from analysis.validation import entry_checks, series

GOES_ON = [entry for entry in registry.ENTRIES.values() if entry.is_incremental]
STOPS = [entry for entry in registry.ENTRIES.values() if not entry.is_incremental]


def stepped(plan: Plan, bars: Bars, known: int) -> dict[str, np.ndarray]:
    """Return the columns after `known` bars, appended in pieces, the state stored and read in between."""
    state = begin(plan, bars.slice(0, known))
    columns: dict[str, list[np.ndarray]] = {}
    while known < len(bars):
        more = min((1, 1, 2, 5, 40)[known % 5], len(bars) - known)
        state, result = update(
            State.unpack(state.pack()), bars.slice(known, known + more), now_ns=entry_checks.LATER_NS
        )
        for key, column in result.columns.items():
            columns.setdefault(key, []).append(column)
        known += more
    return {key: np.concatenate(parts) for key, parts in columns.items()}


@pytest.mark.parametrize("entry", GOES_ON, ids=lambda entry: entry.name)
def test_appending_gives_what_a_run_over_everything_gives(entry: Entry) -> None:
    plan = Plan.parse([f"x = {entry.name}"])
    depth = 2 * entry_checks.span(entry, entry.defaults())
    for bars in (series.walk(depth + 150), series.rough(depth + 150)):
        full = run(plan, bars, now_ns=entry_checks.LATER_NS)
        for known in (1, depth + 60):
            for (key, got), output in zip(stepped(plan, bars, known).items(), entry.outputs, strict=True):
                expected = full.columns[key][known:]
                assert np.array_equal(np.isnan(got), np.isnan(expected)), key
                apart = entry_checks.apart(output, got, expected, bars)
                assert apart <= 1e-12, f"{key}: {apart:.2g} of the unit"


@pytest.mark.parametrize("entry", STOPS, ids=lambda entry: entry.name)
def test_an_entry_that_needs_the_whole_series_is_refused(entry: Entry) -> None:
    assert not entry.is_incremental
    with pytest.raises(PlanError) as caught:
        begin(Plan.parse(["sma(5)", f"x = {entry.name}"]), series.walk(40))
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/1", "not_incremental")]


def test_a_plan_of_nested_items_conditions_and_totals_goes_on() -> None:
    texts = ["ema(rsi(5), 9)", "up = close > sma(20) and rsi(5) < 60", "obv - sma(obv, 10)", "macd(3, 6, 4).signal[2]"]
    plan, bars = Plan.parse(texts), series.rough(900)
    full = run(plan, bars, now_ns=entry_checks.LATER_NS)
    for key, got in stepped(plan, bars, 700).items():
        assert np.allclose(got, full.columns[key][700:], rtol=1e-11, atol=1e-9, equal_nan=True), key


def test_the_state_stays_small() -> None:
    state = begin(Plan.parse(["sma(20)", "obv"]), series.walk(5_000))
    assert len(state.bars) == 20
    assert len(state.pack()) < 4_000


def test_a_hole_in_the_volume_ends_a_total_for_ever() -> None:
    bars = series.walk(80)
    volume = bars.volume.copy()
    volume[30] = np.nan
    holed = series.changed(bars, volume=volume)
    plan = Plan.parse(["obv", "sma(5)"])
    state, result = update(begin(plan, holed.slice(0, 60)), holed.slice(60, None), now_ns=entry_checks.LATER_NS)
    assert np.isnan(result["obv"]).all()
    assert np.isnan(update(begin(plan, holed.slice(0, 20)), holed.slice(20, None))[1]["obv"][10:]).all()
    assert np.isnan(state.totals["obv"].values[0])


@pytest.mark.parametrize("text", ["rsi@1w", "bars_since(close > 1)", "doji", "obv > sma(obv, 3) and parabolic_sar > 1"])
def test_what_needs_the_whole_series_is_refused(text: str) -> None:
    with pytest.raises(PlanError):
        begin(Plan.parse([text]), series.walk(40))


def test_bars_that_do_not_go_on_are_refused() -> None:
    bars = series.walk(60)
    state = begin(Plan.parse(["sma(5)"]), bars.slice(0, 50))
    for wrong in (bars.slice(49, None), series.changed(bars, timeframe="1w").slice(50, None)):
        with pytest.raises(BarsError):
            update(state, wrong)
    with pytest.raises(BarsError) as caught:
        update(state, series.changed(bars, volume=None).slice(50, None))
    assert caught.value.faults[0].code == "other_columns"


def test_any_other_bytes_are_no_state() -> None:
    packed = begin(Plan.parse(["sma(5)", "obv"]), series.intraday(50)).pack()
    assert State.unpack(packed).pack() == packed
    for wrong in (b"", packed[:-8], packed.replace(b"sma(", b"smb("), packed.replace(b'"engine":"1', b'"engine":"0')):
        with pytest.raises(CodecError):
            State.unpack(wrong)
