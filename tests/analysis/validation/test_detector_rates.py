"""What is measured of detectors: counted by hand, with the series' own drift in the null, honest of few."""

import numpy as np
import pytest

from analysis import Plan, run
from analysis.bars import Bars
from analysis.outcomes import Outcome, by_chance, measured, stated
from analysis.validation import quarters, series
from analysis.validation.detector_rates import LEAST, Count, counted, plans, rows, scale_of
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.forming_share import forming_shares
from analysis.validation.quarters import CHANCE, DIFFERENT, drawn, interval, quarter_numbers, verdict
from analysis.validation.surrogates import block_bootstrap
from tests.analysis.shipped import demo


@pytest.fixture(scope="module")
def real() -> list[Bars]:
    return [demo("AAPL", 1_200), demo("IBM", 1_200)]


@pytest.fixture(scope="module")
def counts(real: list[Bars]) -> dict[str, Count]:
    return counted(real, draws=3, paths=1)


def test_events_are_counted_in_the_quarter_that_confirms_them(real: list[Bars], counts: dict[str, Count]) -> None:
    numbers = np.unique(np.concatenate([quarter_numbers(bars.time) for bars in real]))
    assert counts["real"].bars.sum() == 2_400
    for name, scale, asked in (("double_top", "short", "double_top(scale=short)"), ("doji", "", "doji")):
        by_hand = dict.fromkeys(numbers.tolist(), 0)
        for bars in real:
            for event in run(Plan.parse([asked]), bars, now_ns=LATER_NS).events:
                day = np.datetime64(event.confirmed_at, "ns").astype("datetime64[M]").astype(int)
                by_hand[int(day) // 3] += 1
        assert counts["real"].tallies[name, scale].events.tolist() == list(by_hand.values())


def test_outcomes_are_those_of_the_one_definition(real: list[Bars], counts: dict[str, Count]) -> None:
    hits = stops = total = 0
    chance: list[float] = []
    for bars in real:
        events = list(run(Plan.parse(["double_top(scale=short)"]), bars, now_ns=LATER_NS).events)
        setups = stated(events, bars)
        found, (target, _) = measured(setups, bars), by_chance(setups, bars)
        for place, event in enumerate(events):
            if found.is_measured[place] and event.bar + (event.life or 0) < len(bars):
                total += 1
                hits += found.ends[place] == Outcome.TARGET
                stops += found.ends[place] == Outcome.STOP
                chance.append(float(target[place]))
    sums = counts["real"].tallies["double_top", "short"].outcomes.sum(axis=1)
    assert sums[:3].tolist() == [total, hits, stops]
    assert total > 5
    assert sums[3] == pytest.approx(sum(chance))


def test_every_detector_has_a_row_for_each_of_its_scales_the_default_first(counts: dict[str, Count]) -> None:
    found = list(rows(counts))
    assert [scale for name, scale, _ in found if name == "double_top"] == ["classic", "short", "swing"]
    assert [scale for name, scale, _ in found if name == "gartley"] == [""]
    assert scale_of("double_top") == "classic"
    assert set(plans()) == {"classic", "short", "swing"}
    for _, _, row in found:
        assert ("ratio" in row) == (row["real"] >= LEAST and row["blocks"] > 0)
        assert ("real" in row["intervals"]) == (row["real"] >= LEAST)
        assert "outcomes" not in row or row["outcomes"]["events"] >= LEAST


def test_the_same_seed_gives_the_same_and_another_draw_other_noise(real: list[Bars], counts: dict[str, Count]) -> None:
    again = counted(real, draws=1, paths=1)
    key = ("engulfing", "")
    assert again["blocks"].tallies[key].events[0] == counts["blocks"].tallies[key].events[0]
    assert len(set(counts["blocks"].tallies[key].events.tolist())) > 1


def test_the_null_keeps_the_drift_of_the_series() -> None:
    bars = demo("AAPL", 2_500)
    drift = np.log(bars.close[-1] / bars.close[0])
    assert drift > 1
    ends = [
        np.log(noise.close[-1] / noise.close[0])
        for noise in (block_bootstrap(bars, np.random.default_rng(seed)) for seed in range(60))
    ]
    assert np.mean(ends) == pytest.approx(drift, abs=3 * float(np.std(ends)) / 60**0.5)


def test_the_nulls_bars_are_exactly_those_of_the_series() -> None:
    bars = demo("IBM", 600)
    noise = block_bootstrap(bars, np.random.default_rng(1))
    there = np.log(bars.open[1:] / bars.close[:-1])
    gaps = np.log(noise.open[1:] / noise.close[:-1])
    nearest = np.abs(np.sort(there)[np.newaxis] - gaps[:, np.newaxis]).min(axis=1)
    assert np.sort(nearest)[: int(0.94 * len(gaps))].max() < 1e-12  # a gap of nothing stays one


def test_quarters_are_drawn_whole_and_so_wider_than_single_events() -> None:
    rng = np.random.default_rng(1)
    events = rng.poisson(5 * rng.lognormal(0, 1, 60))  # crowds: more spread than a Poisson's
    weights = drawn(60)
    assert weights.shape == (quarters.DRAWS, 60)
    assert set(weights.sum(axis=1)) == {60}
    ends = interval(weights @ events / 60)
    assert ends is not None
    poisson = 2 * 1.96 * events.sum() ** 0.5 / 60
    assert ends[1] - ends[0] > 1.5 * poisson
    assert verdict(ends, float(events.mean())) == CHANCE
    assert verdict(ends, 2 * ends[1]) == DIFFERENT
    assert verdict(None, 1.0) is None
    assert interval(np.full(quarters.DRAWS, np.nan)) is None


def test_without_an_effect_about_one_interval_in_twenty_misses() -> None:
    missed = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        one, other = rng.poisson(20 * rng.lognormal(0, 0.3, 80)), rng.poisson(20 * rng.lognormal(0, 0.3, 80))
        weights = drawn(80)
        ends = interval((weights @ one) / (np.roll(weights, 1, axis=0) @ other))
        missed += verdict(ends, 1.0) == DIFFERENT
    assert missed <= 20


def test_a_series_of_one_quarter_or_without_events_has_no_interval_that_says_anything() -> None:
    counts = counted([series.walk(60)], draws=1, paths=1)
    for _, _, row in rows(counts):
        assert row["real"] >= LEAST or "ratio" not in row


def test_what_was_forming_is_counted_once_and_found_among_the_events() -> None:
    found = forming_shares([demo("AAPL", 1_000)], 120)
    assert sum(told for told, _ in found.values()) >= 5
    assert all(0 <= became <= told for told, became in found.values())
    assert sum(became for _, became in found.values()) >= 1
