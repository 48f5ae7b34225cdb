"""AB=CD and three drives still open: told once all but the last point is known, with what comes next."""

from collections.abc import Sequence

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.events import Event
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS
from analysis.validation.synthetic.harmonics import outline
from analysis.validation.synthetic.paths import bars_of, drawn, walk
from tests.analysis.patterns.test_harmonic import through
from tests.analysis.shipped import demo

LEG = 30.0


def shape(name: str, lengths: Sequence[float], side: int) -> tuple[Bars, list[int]]:
    """Return bars that go through a shape, and the bars of its turns."""
    rng = np.random.default_rng(1)
    before = walk(rng, 40, 0.0)
    made, turns = drawn(rng, outline(name, list(lengths), side), float(before[-1, 3]))
    return bars_of([before, made]), [40 + turn for turn in turns]


def forming(bars: Bars, asked: str) -> list[Event]:
    return run(Plan.parse([asked]), bars, now_ns=LATER_NS, output=1, forming=True).forming or []


def of_points(events: Sequence[Event], turns: Sequence[int], first: int = 0) -> list[Event]:
    """Return those of the events whose points, from one on, are these bars."""
    return [event for event in events if [point.bar for point in event.points][first:] == list(turns)]


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize(("ratio", "extension"), [(0.618, 1.0), (0.5, 1.27), (0.786, 1.618), (0.382, 0.382 * 2.24)])
def test_an_abcd_is_forming_from_c_on_and_d_lies_in_the_zone_that_is_next(
    side: int, ratio: float, extension: float
) -> None:
    bars, turns = shape("abcd", [LEG, LEG * ratio, LEG * extension], -side)
    c, d = turns[2], turns[3]
    end = float((bars.low if side > 0 else bars.high)[d])
    told = 0
    for count in range(c + 1, d + 1):
        for event in of_points(forming(bars[:count], "abcd"), turns[:3]):
            told += 1
            assert [point.label for point in event.points] == ["A", "B", "C"]
            assert event.side == ("bullish" if side > 0 else "bearish")
            assert event.ratios == pytest.approx({"BC_AB": ratio}, abs=2e-3)
            assert event.levels is not None
            a, b, price = (point.price for point in event.points)
            assert event.levels["cd_1"] == pytest.approx(price - side * abs(a - b))
            assert event.levels["cd_1.618"] == pytest.approx(price - side * 1.618 * abs(a - b))
            assert (event.targets, event.stop, event.reward_to_risk) == ((), None, None)
            assert [change.status for change in event.history] == ["forming"]
    assert told > (d - c) / 3
    (last,) = of_points(forming(bars[: d + 1], "abcd"), turns[:3])
    assert last.prz is not None
    assert last.prz[0] <= end <= last.prz[1]
    assert of_points(run(Plan.parse(["abcd"]), bars, now_ns=LATER_NS).events, turns[:4])


def test_an_abcd_is_gone_when_price_has_passed_the_last_of_its_prices_or_c() -> None:
    bars, turns = shape("abcd", [LEG, LEG * 0.5, LEG * 2.2], -1)
    assert of_points(forming(bars[: turns[2] + 10], "abcd"), turns[:3])
    assert not of_points(forming(bars[: turns[3] + 1], "abcd"), turns[:3])
    beyond, turns = shape("abcd", [LEG, LEG * 0.5, LEG * 0.3, LEG], -1)
    seen = [len(of_points(forming(beyond[:count], "abcd"), turns[:3])) for count in range(turns[2], turns[4])]
    assert seen[-1] == 0
    assert 1 in seen


def test_legs_that_are_too_small_or_odd_are_not_forming() -> None:
    for lengths in ([5.0, 2.5, 5.0], [LEG, LEG * 0.2, LEG], [LEG, LEG * 1.1, LEG]):
        bars, turns = shape("abcd", lengths, -1)
        counts = range(turns[2] + 1, turns[3] + 1)
        assert not [event for count in counts for event in of_points(forming(bars[:count], "abcd"), turns[:3])]


def drives(extension: float = 1.27, last: float = 1.27, correction: float = 0.7) -> tuple[Bars, list[int]]:
    """Return bars through three rising drives, fifteen bars a leg, and the bars of their ends but the first."""
    steps = [100.0]
    for ratio in (correction, extension, correction, last):
        steps.append(steps[-1] * ratio)
    ends = np.cumsum([0.0, *(sign * step for sign, step in zip((1, -1, 1, -1, 1), steps, strict=True)), -80.0])
    return through(ends + 1_000.0), [60 + 15 * leg for leg in range(1, 6)]


@pytest.mark.parametrize("extension", [1.27, 1.618])
def test_three_drives_are_forming_from_the_second_correction_on(extension: float) -> None:
    bars, turns = drives(extension, extension)
    (event,) = of_points(forming(bars[: turns[4] + 1], "three_drives"), turns[:4], 1)
    assert [point.label for point in event.points] == ["0", "1", "2", "3", "4"]
    assert event.side == "bearish"
    assert event.ratios == pytest.approx({"C1": 0.7, "D2": extension, "C2": 0.7}, abs=0.02)
    assert event.prz is not None
    assert event.prz[0] <= bars.high[turns[4]] <= event.prz[1]
    assert set(event.levels or ()) == {"drive_1.27", "drive_1.618"}
    assert of_points(run(Plan.parse(["three_drives"]), bars, now_ns=LATER_NS).events, turns, 1)


def test_three_drives_are_gone_beyond_both_prices_and_when_their_time_is_over() -> None:
    bars, turns = drives(last=2.2)
    assert of_points(forming(bars[: turns[3] + 8], "three_drives"), turns[:4], 1)
    assert not of_points(forming(bars[: turns[4] + 1], "three_drives"), turns[:4], 1)
    fine, turns = drives()
    slow = "three_drives(uneven=1.0)"  # every leg has fifteen bars
    assert of_points(forming(fine[: turns[4] + 2], slow), turns[:4], 1)  # the price was reached in time
    assert of_points(forming(stopped(fine, turns[3] + 8, turns[4] + 1), slow), turns[:4], 1)
    assert not of_points(forming(stopped(fine, turns[3] + 8, turns[4] + 2), slow), turns[:4], 1)


def stopped(bars: Bars, at: int, until: int) -> Bars:
    """Return the bars up to one, and then bars on which nothing moves."""
    close = np.concatenate((bars.close[:at], np.full(until - at, bars.close[at - 1])))
    before = np.concatenate((bars.open[:at], close[at:]))
    high, low = np.concatenate((bars.high[:at], close[at:])), np.concatenate((bars.low[:at], close[at:]))
    return Bars(time=bars.time[:until], open=before, high=high, low=low, close=close, timeframe="1d")


def test_every_event_was_forming_when_its_last_point_came() -> None:
    """On real bars and on walks, with low heights so that there are many."""
    several = [*(demo(symbol, 3_200) for symbol in ("AAPL", "IBM", "IXIC")), *(series.walk(3_000, n) for n in range(6))]
    asked = ["abcd(min_height_atr=6)", "three_drives(min_height_atr=4, uneven=10)"]
    seen = {"abcd": 0, "three_drives": 0}
    for bars in several:
        for event in run(Plan.parse(asked), bars, now_ns=LATER_NS).events:
            known, last = int(np.searchsorted(bars.time, event.points[-2].confirmed_at)), event.points[-1]
            if known > last.bar:
                continue  # the point before was known no sooner
            bound, past = event.points[-2].price, slice(known + 1, last.bar + 1)
            if (bars.high[past] > bound).any() if event.side == "bullish" else (bars.low[past] < bound).any():
                continue  # one bar went beyond both ends: the zigzag has it for its low, and nothing was forming
            plan = asked[0] if event.name == "abcd" else asked[1]
            mine = of_points(forming(bars[: last.bar + 1], plan), [point.bar for point in event.points[:-1]])
            assert len(mine) == 1, event
            seen[event.name] += 1
            assert mine[0].side == event.side
            assert mine[0].prz is not None
            assert mine[0].prz[0] <= last.price <= mine[0].prz[1], event
    assert seen["abcd"] > 20
