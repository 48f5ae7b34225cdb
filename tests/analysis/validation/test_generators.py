"""Prices of other kinds without a pattern: they are what they are called, and detectors do not look ahead on them."""

import numpy as np
import pytest

from analysis import Plan, run
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.generators import A_SESSION, GENERATORS, SHOCKS, Generator, between
from analysis.validation.other_series import changes
from analysis.validation.sized_plans import at_scale

EACH = pytest.mark.parametrize("generator", GENERATORS, ids=[one.name for one in GENERATORS])


def returns(generator: Generator, count: int) -> np.ndarray:
    bars = generator.make(count, np.random.default_rng(7))
    return np.asarray(np.diff(np.log(bars.close)))


def kurtosis(values: np.ndarray) -> float:
    away = values - values.mean()
    return float((away**4).mean() / (away**2).mean() ** 2)


def lagged(values: np.ndarray) -> float:
    return float(np.corrcoef(values[1:], values[:-1])[0, 1])


@EACH
def test_it_is_a_fair_game_and_the_same_from_the_same_seed(generator: Generator) -> None:
    bars, again = (generator.make(8_000, np.random.default_rng(3)) for _ in range(2))
    assert (bars.close == again.close).all()
    assert (bars.low > 0).all()
    assert (bars.high >= np.maximum(bars.open, bars.close)).all()
    assert (bars.low <= np.minimum(bars.open, bars.close)).all()
    simple = bars.close[1:] / bars.close[:-1] - 1
    assert abs(simple.mean()) < 3.5 * simple.std() / len(simple) ** 0.5
    assert abs(lagged(np.sign(simple))) < 0.04


def test_clustered_prices_have_quiet_and_wild_times_and_fat_ones_only_wild_bars() -> None:
    clustered, fat = (np.abs(returns(one, 12_000)) for one in GENERATORS[:2])
    ranks = [np.argsort(np.argsort(one)).astype(np.float64) for one in (clustered, fat)]
    assert lagged(ranks[0]) > 0.1
    assert abs(lagged(ranks[1])) < 0.04
    for generator in GENERATORS[:2]:
        assert kurtosis(returns(generator, 12_000)) > 6  # a normal one's is 3


def test_half_hours_are_a_u_over_the_session_and_gap_before_it() -> None:
    bars = GENERATORS[2].make(100 * A_SESSION, np.random.default_rng(1))
    size = np.log(bars.high / bars.low).reshape(-1, A_SESSION).mean(axis=0)
    assert size[0] > 1.5 * size[6]
    assert size[-1] > 1.3 * size[6]
    gaps = np.abs(np.log(bars.open[1:] / bars.close[:-1]))
    first = np.arange(1, len(bars)) % A_SESSION == 0
    assert gaps[first].mean() > 5 * gaps[~first].mean()
    assert bars.sessions is not None


@pytest.mark.parametrize("kind", SHOCKS)
def test_what_lies_between_drawn_shapes_has_a_range_of_one(kind: str) -> None:
    table = between(kind)(np.random.default_rng(2), 20_000, 0.0)
    assert 0.8 < (table[:, 1] - table[:, 2]).mean() < 1.1
    assert table[0, 0] == 0.0


@EACH
def test_no_detector_looks_ahead(generator: Generator) -> None:
    assert changes(generator.make(240, np.random.default_rng(11))) == {}


@EACH
@pytest.mark.parametrize("scale", ["short", "classic", "swing"])
def test_every_detector_runs_at_every_scale_and_in_measure(generator: Generator, scale: str) -> None:
    bars = generator.make(6_000, np.random.default_rng(5))
    events = run(Plan.parse(at_scale("chart_patterns", scale)), bars, now_ns=LATER_NS).events
    most = {"short": 65, "classic": 55, "swing": 30}[scale]
    assert 1 < 1_000 * len(events) / len(bars) < most
    others = ["harmonic", "elliott", "divergence", "levels", "wyckoff", "candlesticks"]
    assert len(run(Plan.parse([{"group": name} for name in others]), bars, now_ns=LATER_NS).events) > 100
