"""Noise baselines: the stored rates are of the present detectors, and measuring again gives the same."""

import numpy as np
import pytest

from analysis import Plan, run
from analysis.catalog.registry import ENTRIES
from analysis.records.baselines import SERIES, baseline, noise_summary, poisson, stored
from analysis.validation import series
from analysis.validation.detector_evaluation import SEED, events_of, rates, sources, trials
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.surrogates import block_bootstrap, gaussian_walk
from market.demo_series import demo_bars, demo_symbols

AGAIN = "measure again: python manage.py evaluate_detectors --write"
HARMONICS = ("gartley", "bat", "alt_bat", "butterfly", "crab", "deep_crab", "cypher", "shark", "five_zero")


def test_every_detector_was_measured_as_it_is_now() -> None:
    now = sources()
    assert set(stored()["rates"]) == set(now), AGAIN
    stale = [name for name in now if stored()["sources"].get(name) != now[name]]
    assert not stale, AGAIN


def test_measuring_again_gives_the_same_rates() -> None:
    again, bars = rates([demo_bars(symbol) for symbol in demo_symbols()], seed=stored()["seed"])
    assert bars == stored()["bars"]
    for name, counts in again.items():
        # An ulp that another processor rounds otherwise may decide a tie.
        assert counts == pytest.approx(stored()["rates"][name], rel=0.01, abs=2), f"{name}: {AGAIN}"


@pytest.mark.parametrize("name", ["gartley", "ascending_triangle"])
def test_measuring_again_gives_the_same_truth(name: str) -> None:
    again = list(trials([name], seed=SEED))
    kept = [trial for trial in stored()["truth"] if trial[0] == name]
    assert [list(trial) for trial in again] == kept, AGAIN


@pytest.mark.parametrize(
    ("noise", "recall", "precision"),
    [("0% of a leg", 0.95, 0.85), ("2% of a leg", 0.95, 0.85), ("5% of a leg", 0.6, 0.8)],
)
def test_harmonics_reach_their_goals(noise: str, recall: float, precision: float) -> None:
    mine = [trial for trial in stored()["truth"] if trial[1] == noise]
    assert len(mine) == len(HARMONICS)
    for name, _, shapes, found, true, false in mine:
        assert found / shapes >= recall, name
        assert true / (true + false) >= precision, name


@pytest.mark.parametrize(("noise", "recall", "precision"), [("0.0 ATR", 0.95, 0.85), ("0.25 ATR", 0.85, 0.85)])
def test_reversals_and_triangles_reach_their_goals(noise: str, recall: float, precision: float) -> None:
    goals = ("double_", "head_and", "inverse_head", "ascending", "descending", "symmetrical")
    levels = (noise, f"{noise}, 6 touches")
    mine = [trial for trial in stored()["truth"] if trial[1] in levels and trial[0].startswith(goals)]
    assert len(mine) == 7
    for name, _, shapes, found, true, false in mine:
        assert found / shapes >= recall, name
        assert true / (true + false) >= precision, name


@pytest.mark.parametrize(
    ("level", "names", "recall", "precision"),
    [
        ("0.25 ATR, 5 touches", 8, 0.75, 0.8),
        ("0.25 ATR, 6 touches", 8, 0.85, 0.8),
        ("0.25 ATR", 13, 0.85, 0.75),
    ],
)
def test_every_drawn_shape_is_found_in_noise(level: str, names: int, recall: float, precision: float) -> None:
    mine = [trial for trial in stored()["truth"] if trial[1] == level]
    assert len(mine) == names
    for name, _, shapes, found, true, false in mine:
        assert found / shapes >= recall, name
        assert true / (true + false) >= precision, name


def test_all_harmonics_with_a_retracement_fire_less_than_once_in_1000_bars_of_noise() -> None:
    for null in ("blocks", "gaussian"):
        events = sum(stored()["rates"][name][null] for name in HARMONICS)
        assert 1_000 * events / stored()["bars"][null] < 1.0


def test_what_stands_beside_an_event_is_its_detectors_rate() -> None:
    events = run(Plan.parse(["harmonic", "candlesticks"]), demo_bars("AAPL"), now_ns=LATER_NS).events
    for event in events[:200]:
        shown = event.to_dict()["baseline"]
        whole = baseline(event.name)
        assert whole is not None
        assert (shown["noise"], shown["real"]) == (whole["blocks"]["per_1000"], whole["real"]["per_1000"])
    assert noise_summary("no_such_detector") is None
    assert baseline("rsi") is None
    assert set(SERIES) <= set(baseline("gartley") or {})


def test_shuffled_bars_are_the_same_bars_without_drift() -> None:
    bars = demo_bars("AAPL")
    other = block_bootstrap(bars, np.random.default_rng(1))
    assert len(other) == len(bars)
    reach, there = np.log(other.high / other.open), np.sort(np.log(bars.high / bars.open))
    nearest = np.minimum(np.searchsorted(there, reach - 1e-12), len(there) - 1)
    assert np.abs(there[nearest] - reach).max() < 1e-9
    one = np.mean(
        [np.log(block_bootstrap(bars, np.random.default_rng(k)).close[-1] / bars.close[0]) for k in range(40)]
    )
    assert abs(one) < 3 * np.log(bars.close / np.roll(bars.close, 1))[1:].std() * len(bars) ** 0.5 / 40**0.5


def test_a_gaussian_path_has_bars_that_close_within_their_range() -> None:
    bars = gaussian_walk(3_000, np.random.default_rng(1))
    assert 0.8 < (bars.high - bars.low).mean() < 1.1
    assert events_of([bars])["doji"] > 100


def test_a_short_series_can_be_shuffled() -> None:
    assert len(block_bootstrap(series.walk(7), np.random.default_rng(1))) == 7


@pytest.mark.parametrize(
    ("events", "low", "high"), [(0, 0.0, 3.689), (3, 0.619, 8.767), (10, 4.795, 18.39), (100, 81.36, 121.6)]
)
def test_poisson_intervals_are_those_of_the_tables(events: int, low: float, high: float) -> None:
    assert poisson(events) == pytest.approx((low, high), rel=0.03)


def test_only_detectors_have_rates() -> None:
    assert {ENTRIES[name].kind for name in stored()["rates"]} == {"pattern"}
