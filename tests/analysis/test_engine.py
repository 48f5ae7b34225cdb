"""Runs: what is asked is answered, what cannot be known is said."""

import itertools
from typing import Any

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.catalog import registry
from analysis.errors import InsufficientHistory
from analysis.validation import series
from tests.bars import DAY_NS

LATER_NS = 4_102_444_800_000_000_000


def codes(result: Any, entry: str) -> list[str]:
    return [note["code"] for note in result.quality if note.get("entry") == entry]


def test_columns_are_the_last_the_last_n_or_all() -> None:
    bars, plan = series.walk(60), Plan.parse(["sma(5)", "doji"])
    everything = run(plan, bars, now_ns=LATER_NS)
    assert len(everything.time) == len(everything["sma(5)"]) == 60
    for output, count in (("last", 1), (7, 7), (1_000, 60), (0, 0)):
        part = run(plan, bars, now_ns=LATER_NS, output=output)
        assert np.array_equal(part["sma(5)"], everything["sma(5)"][60 - count :], equal_nan=True)
        assert np.array_equal(part.time, bars.time[60 - count :])
        assert [event.bar for event in part.events] == [e.bar for e in everything.events if e.bar >= 60 - count]
        assert part.bars["count"] == 60


@pytest.mark.parametrize("output", [-1, "first", True, 1.5, None])
def test_any_other_output_is_refused(output: Any) -> None:
    with pytest.raises(ValueError, match="output is"):
        run(Plan.parse(["sma(5)"]), series.walk(60), output=output)


def test_too_few_bars_for_everything_is_an_error_and_for_one_entry_a_note() -> None:
    bars = series.walk(30)
    with pytest.raises(InsufficientHistory, match="30 bars"):
        run(Plan.parse(["sma(31)", "sma(40)"]), bars)
    result = run(Plan.parse(["sma(30)", "sma(31)"]), bars, now_ns=LATER_NS)
    assert np.isfinite(result["sma(30)"][-1])
    assert np.isnan(result["sma(31)"]).all()
    assert codes(result, "sma(period=31)") == ["insufficient_history"]
    assert codes(result, "sma(period=30)") == []


def test_every_entry_runs_on_one_bar() -> None:
    names = [entry.name for entry in registry.ENTRIES.values() if entry.kind == "indicator"]
    result = run(Plan.parse([f"x{n} = {name}" for n, name in enumerate(names)]), series.walk(1), now_ns=LATER_NS)
    assert all(len(column) == 1 for column in result.columns.values())


def test_a_value_between_warmup_and_convergence_is_given_and_marked() -> None:
    plan = Plan.parse(["rsi"])
    early, late = run(plan, series.walk(40), now_ns=LATER_NS), run(plan, series.walk(900), now_ns=LATER_NS)
    assert np.isfinite(early["rsi"][-1])
    assert early.quality[0]["converging"] is True
    assert codes(late, "rsi") == []


def test_running_totals_say_where_they_begin() -> None:
    bars = series.walk(50)
    result = run(Plan.parse(["obv"]), bars, now_ns=LATER_NS)
    assert result.quality == [
        {
            "code": "anchored",
            "entry": "obv",
            "anchored_at": int(bars.time[0]) // 1_000_000,
            "detail": "A running total from this bar on.",
        }
    ]


def test_no_volume_is_a_note_and_unknown_values() -> None:
    result = run(Plan.parse(["mfi", "rsi"]), series.changed(series.walk(60), volume=None), now_ns=LATER_NS)
    assert np.isnan(result["mfi"]).all()
    assert codes(result, "mfi") == ["no_volume"]
    assert np.isfinite(result["rsi"][-1])


def test_undefined_values_are_counted_with_their_reason() -> None:
    result = run(Plan.parse(["williams_r"]), series.flat(40), now_ns=LATER_NS)
    note = next(note for note in result.quality if note["code"] == "undefined")
    assert (note["entry"], note["count"], note["detail"]) == ("williams_r", 27, "the range of the period is zero")


@pytest.mark.parametrize("name", ["fair_value_gap", "order_block", "break_of_structure", "doji", "wyckoff"])
def test_what_answers_events_alone_has_no_unknown_values(name: str) -> None:
    result = run(Plan.parse([name]), series.walk(300), now_ns=LATER_NS)
    assert not {note["code"] for note in result.quality} & {"undefined"}
    if name == "fair_value_gap":
        told = run(Plan.parse(["fair_value_gap.bottom"]), series.walk(300), now_ns=LATER_NS).quality
        assert [note["code"] for note in told] == ["undefined"]


def test_an_open_last_bar_is_provisional_and_left_out_of_events_and_signals() -> None:
    bars, plan = series.rough(300), Plan.parse(["candlesticks", "rsi", "up = close > open"])
    last = int(bars.time[-1])
    open_, closed = run(plan, bars, now_ns=last + DAY_NS - 1), run(plan, bars, now_ns=last + DAY_NS)
    assert (open_.provisional, closed.provisional) == (True, False)
    assert np.array_equal(open_["rsi"], closed["rsi"], equal_nan=True)
    assert open_.events == [event for event in closed.events if event.confirmed_at < last]
    assert open_.signals["up"]["at"] == int(bars.time[-2]) // 1_000_000
    assert [note["code"] for note in open_.quality if note["code"].startswith("prov")] == ["provisional_last_bar"]


def test_what_is_asked_twice_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    right = registry.ENTRIES["rsi"]

    def counted(source: np.ndarray, /, *, period: int) -> Any:
        calls.append(period)
        return right.compute(source, period=period)

    from dataclasses import replace

    monkeypatch.setitem(registry.ENTRIES, "rsi", replace(right, compute=counted))
    run(Plan.parse(["rsi", "ema(rsi, 5)", "rsi < 30", "a = rsi(14)", "rsi(7)"]), series.walk(90), now_ns=LATER_NS)
    assert sorted(calls) == [7, 14]


def test_events_are_ordered_by_when_they_were_known() -> None:
    events = run(Plan.parse(["candlesticks"]), series.rough(400), now_ns=LATER_NS).events
    assert events
    assert all(one.confirmed_at <= two.confirmed_at for one, two in itertools.pairwise(events))
    assert {event.side for event in events} == {"bullish", "bearish", "neutral"}


@pytest.mark.parametrize("price", [1e-9, 1.0, 1e12])
def test_constant_series_of_any_size_compute_without_a_warning(price: float) -> None:
    result = run(Plan.parse(["all"]), series.flat(400, price), now_ns=LATER_NS)
    assert not any(np.isinf(column).any() for column in result.columns.values())


def test_everything_runs_on_bars_without_volume_and_on_hours() -> None:
    for bars in (series.changed(series.rough(400), volume=None), series.intraday(400)):
        result = run(Plan.parse(["all"]), bars, now_ns=LATER_NS)
        assert len(result.columns) >= len([e for e in registry.ENTRIES.values() if e.kind == "indicator"])


def test_a_source_may_be_another_indicator_or_an_expression() -> None:
    bars = series.walk(120)
    result = run(
        Plan.parse(["ema(rsi(14), 9)", "ema(macd.signal, 5)", "sma((high + low) / 2, 5)"]), bars, now_ns=LATER_NS
    )
    rsi = run(Plan.parse(["rsi"]), bars, now_ns=LATER_NS)["rsi"]
    nested = result["ema(rsi(14), 9)"]
    assert np.isnan(nested[: 14 + 8]).all()
    assert nested[22] == pytest.approx(rsi[14:23].mean())
    assert np.allclose(
        result["sma((high + low) / 2, 5)"][4:], run(Plan.parse(["sma(hl2, 5)"]), bars)["sma(hl2, 5)"][4:]
    )


def test_bars_of_a_slice_give_what_bars_of_their_own_give() -> None:
    whole, plan = series.rough(300), Plan.parse(["all"])
    part = whole.slice(50, 250)
    own = Bars(**{name: getattr(part, name).copy() for name in ("time", "open", "high", "low", "close", "volume")})
    one, two = run(plan, part, now_ns=LATER_NS), run(plan, own, now_ns=LATER_NS)
    assert all(np.array_equal(one.columns[key], two.columns[key], equal_nan=True) for key in one.columns)
    assert one.events == two.events
