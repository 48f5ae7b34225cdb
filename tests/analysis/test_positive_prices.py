"""Prices that are not above zero: spreads, and crude oil on 20 April 2020. What a formula can, it computes."""

import numpy as np
import pytest

from analysis import Bars, Plan, begin, run, update
from analysis.arrays import Floats
from analysis.catalog import catalog, get
from analysis.catalog.entry import Entry
from analysis.errors import PricesNotPositive
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS, columns_of, span

INDICATORS = [entry for entry in catalog() if entry.kind == "indicator"]
PATTERNS = [entry for entry in catalog() if entry.kind == "pattern"]
PRICES = ("open", "high", "low", "close")
FURTHER_DOWN = 32.0
# What is computed all the same though a shift of all prices changes it, and why.
OF_THE_LEVEL = {
    **dict.fromkeys(
        ("mama", "hilbert_dominant_period", "hilbert_phase", "hilbert_phasor", "hilbert_sine", "hilbert_trend_mode"),
        "its filters begin at zero, whatever the price",
    ),
    "bollinger_bands": "the bandwidth is in percent of the middle's size",
    "pivots_camarilla": "r5 and s5 are of high over low: unknown where that is not above zero",
    "renko": "the brick that a close just fills goes by its last digit",
    "five_dimensions": "what stands still goes by its last digits",
    "technical_ratings": "what stands still goes by its last digits",
}


def moved(bars: Bars, by: float) -> Bars:
    return series.changed(bars, **{name: getattr(bars, name) + by for name in PRICES})


def in_sixty_fourths(count: int, seed: int = 7) -> Bars:
    """Return a rough walk whose prices can be moved by whole numbers without a digit lost."""
    bars = series.rough(count, seed)
    return series.changed(bars, **{name: np.round(getattr(bars, name) * 64) / 64 for name in PRICES})


def oil() -> Bars:
    """Return WTI's May contract of 2020 in its last days: low −40.32 and close −37.63 on 20 April."""
    days = np.array(["2020-04-15", "2020-04-16", "2020-04-17", "2020-04-20", "2020-04-21"], "datetime64[ns]")
    return Bars(
        time=days.astype(np.int64),
        open=[20.34, 19.95, 19.93, 17.73, -14.00],
        high=[20.94, 20.12, 20.29, 17.85, 13.86],
        low=[19.20, 19.42, 17.31, -40.32, -16.74],
        close=[19.87, 19.87, 18.27, -37.63, 10.01],
        timeframe="1d",
    )


def is_same(one: Floats, two: Floats, by: float) -> bool:
    size = float(np.abs(one[np.isfinite(one)]).max(initial=1e-9))
    return np.allclose(one + by, two, rtol=1e-6, atol=1e-6 * size, equal_nan=True)


def test_columns_that_need_no_positive_price_are_computed() -> None:
    result = run(Plan.parse(["sma(2)", "momentum(1)", "true_range", "close < 0"]), oil(), now_ns=LATER_NS)
    assert result["sma(period=2)"][3] == pytest.approx((18.27 - 37.63) / 2)
    assert result["momentum(period=1)"][3] == pytest.approx(-37.63 - 18.27)
    assert result["true_range"][3] == pytest.approx(18.27 + 40.32)
    assert result["close < 0"].tolist() == [0, 0, 0, 1, 0]


def test_those_that_cannot_be_are_named_with_the_bar() -> None:
    plan = Plan.parse(["sma(2)", "roc(1)", "x = ema(2) > 0 and log_return > 0", "natr(2)@1w", "roc(1)"])
    with pytest.raises(PricesNotPositive) as refused:
        run(plan, oil(), now_ns=LATER_NS)
    assert refused.value.entries == ["roc", "log_return", "natr"]
    assert refused.value.code == "prices_not_positive"
    assert "low is -40.32 at 2020-04-20T00:00:00Z" in refused.value.detail


def test_what_works_on_another_entrys_values_is_not_asked() -> None:
    found = run(Plan.parse([{"name": "roc", "source": "true_range", "params": {"period": 1}, "as": "x"}]), oil())
    assert found["x"][3] == pytest.approx(100 * ((18.27 + 40.32) / (20.29 - 17.31) - 1))


def test_of_a_benchmark_it_is_asked_too() -> None:
    bars = series.walk(80)
    with pytest.raises(PricesNotPositive, match=r"^beta needs prices above zero; the benchmark's low is "):
        run(Plan.parse(["beta(20)", "roc"]), bars, benchmark=moved(bars, -100.0))


def test_appended_bars_are_asked_like_the_first() -> None:
    bars = oil()
    with pytest.raises(PricesNotPositive):
        begin(Plan.parse(["roc(1)"]), bars)
    state = begin(Plan.parse(["roc(1)"]), bars.slice(0, 3))
    with pytest.raises(PricesNotPositive):
        update(state, bars.slice(3, None), now_ns=LATER_NS)


@pytest.mark.parametrize("entry", INDICATORS, ids=lambda entry: entry.name)
def test_an_entry_that_is_computed_below_zero_moves_with_the_price_or_not_at_all(entry: Entry) -> None:
    """So does whatever adds, compares and takes differences; percent, logarithms and shares of a price do not."""
    bars = in_sixty_fourths(max(400, span(entry, entry.defaults()) + 200))
    below = moved(bars, -FURTHER_DOWN)
    assert not below.is_positive
    second = series.companion(bars) if "benchmark" in entry.inputs else None
    if entry.needs_positive_prices:
        with pytest.raises(PricesNotPositive):
            columns_of(entry, below, benchmark=second)
        return
    columns = zip(columns_of(entry, bars, benchmark=second), columns_of(entry, below, benchmark=second), strict=True)
    follows = all(is_same(one, two, 0.0) or is_same(one, two, -FURTHER_DOWN) for one, two in columns)
    assert follows is (entry.name not in OF_THE_LEVEL), OF_THE_LEVEL.get(entry.name, "its price must be above zero")


@pytest.mark.parametrize("entry", PATTERNS, ids=lambda entry: entry.name)
def test_candlesticks_are_the_same_wherever_zero_is_and_other_shapes_are_refused(entry: Entry) -> None:
    bars = in_sixty_fourths(700, 11)
    plan, below = Plan.parse([entry.name]), moved(bars, -float(np.ceil(np.median(bars.close))))
    if entry.category != "candlesticks":
        with pytest.raises(PricesNotPositive):
            run(plan, below, now_ns=LATER_NS)
        return
    found, same = (
        [(event.side, event.bar) for event in run(plan, one, now_ns=LATER_NS).events] for one in (bars, below)
    )
    assert found == same


def test_the_catalogue_says_it() -> None:
    assert get("roc").to_dict()["notes"] == "Needs prices above zero."
    assert get("sma").to_dict()["notes"] is None
