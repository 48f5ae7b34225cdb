"""Noise baselines: the stored rates are of the present detectors, and measuring again gives the same."""

import numpy as np
import pytest

from analysis import Plan, run
from analysis.records.baselines import NULLS, SERIES, Key, bars_to_target, baseline, noise_summary, rows, stored
from analysis.validation import series
from analysis.validation.detector_evaluation import SEED, sources, trials
from analysis.validation.detector_rates import LEAST, counted
from analysis.validation.detector_rates import rows as measured_rows
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.surrogates import block_bootstrap, gaussian_walk
from market.demo_series import demo_bars, demo_symbols

AGAIN = "measure again: python manage.py evaluate_detectors --write"
HARMONICS = ("gartley", "bat", "alt_bat", "butterfly", "crab", "deep_crab", "cypher", "shark", "five_zero")


def test_every_detector_was_measured_as_it_is_now() -> None:
    now = sources()
    assert {key.name for key in rows() if key.timeframe == "1d"} == set(now), AGAIN
    stale = [name for name in now if stored()["sources"].get(name) != now[name]]
    assert not stale, AGAIN


def test_what_was_measured_is_enough() -> None:
    assert stored()["draws"] >= 20, AGAIN
    assert set(stored()["measured"]) == {"1d", "1h"}, AGAIN
    for timeframe, found in stored()["measured"].items():
        assert found["bars"]["blocks"] == stored()["draws"] * found["bars"]["real"], timeframe
        assert found["quarters"] >= 30


def test_measuring_again_gives_the_same_rates() -> None:
    count = counted([demo_bars(symbol) for symbol in demo_symbols()], draws=1, paths=1, seed=stored()["seed"])
    again = {Key(name, "1d", scale): row for name, scale, row in measured_rows(count)}
    assert set(again) == {key for key in rows() if key.timeframe == "1d"}
    for key, row in again.items():
        # An ulp that another processor rounds otherwise may decide a tie.
        assert row["real"] == pytest.approx(rows()[key]["real"], rel=0.01, abs=2), f"{key}: {AGAIN}"
        assert row.get("outcomes", {}).get("target") == pytest.approx(
            rows()[key].get("outcomes", {}).get("target"), abs=0.02
        ), f"{key}: {AGAIN}"
    for name in ("doji", "engulfing", "hikkake"):
        one, all_ = again[Key(name, "1d", "")]["blocks"], rows()[Key(name, "1d", "")]["blocks"]
        assert one == pytest.approx(all_ / stored()["draws"], rel=0.1), f"{name}: {AGAIN}"


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
    for null in NULLS:
        events = sum(rows()[Key(name, "1d", "")][null] for name in HARMONICS)
        assert 1_000 * events / stored()["measured"]["1d"]["bars"][null] < 1.0


def test_what_stands_beside_an_event_is_its_detectors_rate() -> None:
    events = run(Plan.parse(["harmonic", "candlesticks", "double_top"]), demo_bars("AAPL"), now_ns=LATER_NS).events
    for event in [*events[:200], *(one for one in events if one.name == "double_top")]:
        shown = event.to_dict("1d")["baseline"]
        whole = baseline(event.name)
        assert whole is not None
        assert (shown["noise"], shown["real"]) == (whole["blocks"]["per_1000"], whole["real"]["per_1000"])
        assert (shown["ratio"], shown["interval"], shown["verdict"]) == (
            whole["ratio"],
            whole["ratio_interval"],
            whole["verdict"],
        )
        assert (shown["timeframe"], shown["scale"]) == ("1d", whole["scale"])
        if shown["outcomes"] is not None:
            assert shown["outcomes"]["walk"] == whole["outcomes"]["walk"]["target"]
    assert noise_summary("no_such_detector", "1d", "") is None
    assert noise_summary("doji", "1m", "") is None
    assert baseline("rsi") is None
    assert set(SERIES) <= set(baseline("gartley") or {})


def test_a_few_events_have_no_ratio_and_no_outcomes() -> None:
    few = 0
    for key, row in rows().items():
        shown = noise_summary(*key)
        assert shown is not None
        if row["real"] < LEAST:
            few += 1
            assert (shown["ratio"], shown["interval"], shown["verdict"]) == (None, None, None)
            assert shown["outcomes"] is None
        elif shown["interval"] is not None:
            low, high = shown["interval"]
            assert shown["verdict"] == ("no different from chance" if low <= 1 <= high else "differs from chance")
    assert few > 10


def test_the_catalogue_has_every_timeframe_and_scale_the_default_first() -> None:
    whole = baseline("double_top")
    assert whole is not None
    assert (whole["timeframe"], whole["scale"]) == ("1d", "classic")
    assert [(one["timeframe"], one["scale"]) for one in whole["others"]] == [
        *(("1d", "short"), ("1d", "swing")),
        *(("1h", "classic"), ("1h", "short"), ("1h", "swing")),
    ]
    assert bars_to_target("double_top", "1d", "classic") == whole["outcomes"]["bars_to_target"]
    assert bars_to_target("doji", "1d", "") is None


def test_what_was_forming_seldom_becomes_a_harmonic() -> None:
    told = {name: told for name, told in stored()["forming"].items() if name in HARMONICS}
    assert sum(one for one, _ in told.values()) >= 20
    assert sum(became for _, became in told.values()) < sum(one for one, _ in told.values()) / 2


def test_shuffled_bars_are_the_same_bars() -> None:
    bars = demo_bars("AAPL")
    other = block_bootstrap(bars, np.random.default_rng(1))
    assert len(other) == len(bars)
    reach, there = np.log(other.high / other.open), np.sort(np.log(bars.high / bars.open))
    nearest = np.minimum(np.searchsorted(there, reach - 1e-12), len(there) - 1)
    assert np.abs(there[nearest] - reach).max() < 1e-9


def test_a_gaussian_path_has_bars_that_close_within_their_range() -> None:
    bars = gaussian_walk(3_000, np.random.default_rng(1))
    assert 0.8 < (bars.high - bars.low).mean() < 1.1
    assert run(Plan.parse(["doji"]), bars, now_ns=LATER_NS).events.names()["doji"] > 100


def test_a_short_series_can_be_shuffled() -> None:
    assert len(block_bootstrap(series.walk(7), np.random.default_rng(1))) == 7
