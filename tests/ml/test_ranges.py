"""Expected ranges: in price, from what is known at the close, and wider with time."""

import numpy as np
import pytest

from analysis import Bars
from analysis.kernels.random_walk import bar_volatility
from analysis.language.grammar import HANDED
from ml.card_figures import range_figures
from ml.features import BARS_NEEDED
from ml.null_walks import walks
from ml.ranges import HORIZONS, Excursions, coverage, expected_range, quantiles, range_columns, walks_range


@pytest.fixture(scope="module")
def card(spx: Bars) -> dict[str, object]:
    return {"ranges": quantiles(Excursions.of(spx, "SPX"))}


def test_the_ways_are_those_of_the_bars_after_the_close(spx: Bars) -> None:
    seen = Excursions.of(spx, "SPX")
    close = BARS_NEEDED + 5 * 7
    unit = (spx.close[close] - spx.low[close + 1 : close + 11].min()) / seen.down[7, HORIZONS.index(10)]
    assert seen.at[7] == spx.time[close]
    assert seen.up[7, HORIZONS.index(10)] * unit == pytest.approx(
        spx.high[close + 1 : close + 11].max() - spx.close[close]
    )


def test_quantiles_cover_what_they_were_taken_from(spx: Bars) -> None:
    seen = Excursions.of(spx, "SPX")
    for rows in coverage(quantiles(seen), seen).values():
        for row in rows:
            assert row == pytest.approx([0.1, 0.5, 0.9], abs=0.01)


def test_a_range_is_ordered_around_the_close_and_widens(spx: Bars, card: dict[str, object]) -> None:
    found = [expected_range(card, spx, horizon) for horizon in (3, 5, 14, 60, 90)]
    assert all(one is not None for one in found)
    for one in found:
        assert one is not None
        assert one["high"] == sorted(one["high"])
        assert one["low"] == sorted(one["low"])
        assert one["low"][-1] <= spx.close[-1] * 1.001 <= one["high"][-1]
    widths = [one["high"][-1] - one["low"][0] for one in found if one is not None]
    assert widths == sorted(widths)


def test_only_what_is_known_at_the_close_is_asked(spx: Bars, card: dict[str, object]) -> None:
    assert expected_range(card, spx[:1_000], 20) == expected_range(card, spx[:1_400][:1_000], 20)
    assert expected_range(card, spx[:15], 20) is None


def test_a_short_series_has_none(spx: Bars) -> None:
    assert len(Excursions.of(spx[:100], "SPX").at) == 0
    assert np.shape(Excursions.of(spx[:100], "SPX").up) == (0, len(HORIZONS))


def test_a_column_says_on_every_bar_what_was_said_when_it_was_the_last(spx: Bars, card: dict[str, object]) -> None:
    for horizon in HORIZONS:
        columns = range_columns(card, spx, horizon)
        assert tuple(columns) == HANDED["expected_range"].outputs
        for count in (1, 20, 21, 300, 1_777, len(spx)):
            known = expected_range(card, spx[:count], horizon)
            told = [float(columns[name][count - 1]) for name in columns]
            if known is None:
                assert np.isnan(told).all()
            else:
                assert told == pytest.approx([*known["high"], *known["low"]], rel=1e-12)


@pytest.mark.parametrize("stochastic", [False, True])
def test_of_walks_what_was_taken_earlier_holds_later_and_elsewhere(stochastic: bool) -> None:
    """The whole way of the card: quantiles of the earlier half, held against held-out symbols in the later."""
    told = range_figures(
        Excursions.joined(Excursions.of(one, str(one.symbol)) for one in walks(18, 200, stochastic=stochastic))
    )
    for rows in told["coverage"].values():
        for row in rows:
            assert row == pytest.approx([0.1, 0.5, 0.9], abs=0.02)


def test_a_walk_stays_within_its_quantiles_as_often_as_they_say(spx: Bars) -> None:
    """Held against paths that are walked, not against the formula."""
    steps = np.random.default_rng(3).normal(0, 1, (4_000, 4_000)).cumsum(axis=1) / 4_000**0.5
    found = walks_range(spx, 20)
    assert found is not None
    unit = bar_volatility(spx.open, spx.high, spx.low, spx.close)[-1] * 20**0.5
    way = (np.array(found["high"]) - spx.close[-1]) / unit
    assert [(steps.max(axis=1) <= edge).mean() for edge in way] == pytest.approx([0.1, 0.5, 0.9], abs=0.025)
    depth = (spx.close[-1] - np.array(found["low"])) / unit
    assert depth == pytest.approx(way[::-1])
    assert walks_range(spx[:15], 20) is None
