"""How large a result becomes is told before it is computed."""

import numpy as np
import pytest

from analysis import Plan, codec, run
from analysis.catalog.registry import members
from analysis.result_size import measured
from analysis.validation import series
from tests.analysis.shipped import demo

LATER_NS = 4_102_444_800_000_000_000
PLANS = [["rsi"], ["momentum"], ["candlesticks"], ["harmonic", "chart_patterns"], ["up = close > open"], ["all"]]


@pytest.mark.parametrize("analyses", PLANS)
@pytest.mark.parametrize("bars", ["walk", "rough"])
def test_what_is_expected_is_enough_and_not_far_off(analyses: list[str], bars: str) -> None:
    plan = Plan.parse(analyses)
    for output in (1, 50, 600):
        result = run(plan, getattr(series, bars)(600), now_ns=LATER_NS, output=output)
        size = len(codec.pack([result]))
        expected = plan.result_size.of(output)
        are_rare = analyses == ["harmonic", "chart_patterns"]  # of whose events few bars have two, or none
        assert size <= expected * (1.1 if bars == "walk" and not are_rare else 1.5)
        if output == 600 and bars == "walk" and not are_rare:
            assert expected <= 3 * size


@pytest.mark.parametrize("scale", ["short", "classic", "swing"])
def test_the_size_of_shapes_is_that_of_the_scale_that_is_asked_for(scale: str) -> None:
    names = [one.name for one in members("chart_patterns") if "scale" in one.defaults()]
    plan = Plan.parse([f"{name}(scale={scale})" for name in names])
    for symbol in ("AAPL", "IBM", "IXIC"):
        bars = demo(symbol, 3_000)
        size = len(codec.pack([run(plan, bars, now_ns=LATER_NS)]))
        assert size <= plan.result_size.of(len(bars)) <= 4 * size


def test_of_parameters_that_were_not_measured_the_largest_rate_is_expected() -> None:
    by_scale = {
        asked: Plan.parse([asked]).result_size.events_per_bar
        for asked in ("double_top", "double_top(scale=short)", "double_top(scale=swing)", "double_top(near_atr=0.6)")
    }
    usual, short, swing, other = by_scale.values()
    assert swing < usual < short == other
    assert Plan.parse(["support(touches=2)"]).result_size.events_per_bar > 0


@pytest.mark.parametrize("analyses", PLANS)
def test_what_is_measured_is_what_is_packed(analyses: list[str]) -> None:
    result = run(Plan.parse(analyses), series.walk(600), now_ns=LATER_NS)
    assert len(codec.pack([result])) == pytest.approx(measured(result), rel=0.35)
    assert measured(result) >= 0.95 * len(codec.pack([result]))


def test_measuring_makes_no_event() -> None:
    """Bars on which everything fires at once: the events are only counted."""
    plan = Plan.parse(["candlesticks"])
    result = run(plan, series.walk(600), now_ns=LATER_NS)
    measured(result)
    assert result.events._made is None


def test_the_largest_that_was_possible_is_known_to_be_too_large() -> None:
    size = Plan.parse(["all"]).result_size
    assert size.of(100_000) > 200_000_000
    assert size.column_count == len(Plan.parse(["all"]).keys)
    assert np.isclose(size.of(2_000) - size.of(1_000), size.bar_bytes * 1_000, atol=1)
