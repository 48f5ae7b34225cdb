"""Flags, pennants and cups on drawn bars."""

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.ground_truth import measured
from analysis.validation.synthetic import chart_patterns
from analysis.validation.synthetic.paths import DAY_NS, Outline, bars_of, drawn, walk
from tests.analysis.patterns.shapes import found

POLE = [0.0, 7.0]
FLAG = [*POLE, 4.6, 6.6, 4.2, 6.2, 3.8, 14.0]
PENNANT = [*POLE, 4.1, 6.6, 4.8, 6.0, 5.3, 14.0]


def names(side: int, prices: list[float], seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    before = walk(rng, 60, 0.0)
    outline = Outline("drawn", tuple(side * price for price in prices), (3,) * (len(prices) - 1), 2)
    shape, turns = drawn(rng, outline, float(before[-1, 3]))
    events = run(Plan.parse(["chart_patterns"]), bars_of([before, shape]), now_ns=LATER_NS).events
    return [event.name for event in events if event.points[-1].bar == 60 + turns[0]]


@pytest.mark.parametrize(("side", "flag"), [(1, "bull_flag"), (-1, "bear_flag")])
def test_parallel_lines_are_a_flag_and_lines_that_meet_a_pennant(side: int, flag: str) -> None:
    flags, pennants = ([names(side, prices, seed) for seed in range(20)] for prices in (FLAG, PENNANT))
    assert flags.count([flag]) >= 18
    assert pennants.count(["pennant"]) >= 15


def test_flags_are_known_at_a_close_beyond_every_bar_of_their_body() -> None:
    seen = 0
    for seed in range(12):
        bars = bars_of([walk(np.random.default_rng(seed), 1_500, 0.0)])
        for event in run(Plan.parse(["bull_flag", "pennant"]), bars, now_ns=LATER_NS).events:
            if event.side == "bullish" and event.levels is not None:
                end = event.points[-1].bar
                line = np.linspace(event.levels["upper_start"], event.levels["upper_end"], event.bar - end + 1)
                assert (bars.high[end + 1 : event.bar] <= line[1:-1] + 1e-6).all()
                assert event.entry_reference is not None
                assert event.entry_reference > event.levels["upper_end"]
                seen += 1
    assert seen > 20


def test_deep_cups_are_found() -> None:
    def sample(rng: np.random.Generator, noise: float) -> Outline:
        return chart_patterns.sampled(rng, "cup_with_handle", noise)

    assert measured("cup_with_handle", [sample], 0.25, 60, 7, "chart_patterns").recall >= 0.9


def test_a_cup_deeper_than_half_its_price_is_none() -> None:
    def cups(level: float) -> int:
        rng = np.random.default_rng(1)
        before = walk(rng, 60, 0.0)
        prices = [12.0 * one for one in (0.0, 1.0, 0.45, 0.12, 0.0, 0.12, 0.45, 1.0, 0.7, 1.5)]
        shape, _ = drawn(rng, Outline("cup", tuple(prices), (6, 6, 8, 8, 8, 8, 6, 4, 4), 8), float(before[-1, 3]))
        table = np.concatenate((before, shape))
        table += level - table[:, 2].min()
        time = np.arange(len(table), dtype=np.int64) * DAY_NS
        bars = Bars(time=time, open=table[:, 0], high=table[:, 1], low=table[:, 2], close=table[:, 3], timeframe="1d")
        return len(run(Plan.parse(["cup_with_handle"]), bars, now_ns=LATER_NS).events)

    assert cups(100.0) == 1
    assert cups(5.0) == 0


def test_an_inverse_cup_is_a_cup_of_the_prices_turned_over() -> None:
    cup = [12.0 * one for one in (0.0, 1.0, 0.45, 0.12, 0.0, 0.12, 0.45, 1.0, 0.7, 1.5)]
    for seed in range(6):
        for side, name in ((1, "cup_with_handle"), (-1, "inverse_cup_with_handle")):
            events, turns = found(name, [side * price for price in cup], (6, 6, 8, 8, 8, 8, 6, 4, 4), seed)
            (event,) = [one for one in events if one.points[0].bar == turns[0]]
            assert event.side == ("bullish" if side > 0 else "bearish")
            assert [point.bar for point in event.points] == [turns[at] for at in (0, 3, 6, 7)]
            assert (event.targets[0] - event.points[2].price) * side > 0
