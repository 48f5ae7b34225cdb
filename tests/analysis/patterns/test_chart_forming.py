"""Chart patterns that only a close is missing to: told apart, with the points that are known, and gone or an event."""

import numpy as np
import pytest

from analysis import Bars, Plan, codec, run
from analysis.catalog.registry import members
from analysis.events import Event
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS
from market.demo_series import demo_bars

PLAN = Plan.parse(["chart_patterns"])


@pytest.fixture(scope="module")
def bars() -> Bars:
    return demo_bars("AAPL")


def forming(bars: Bars, plan: Plan = PLAN) -> list[Event]:
    return run(plan, bars, now_ns=LATER_NS, output=1, forming=True).forming or []


def test_every_chart_pattern_can_be_forming() -> None:
    assert all(entry.forming is not None for entry in members("chart_patterns"))


def test_most_events_were_forming_on_the_bar_before(bars: Bars) -> None:
    events = [event for event in run(PLAN, bars, now_ns=LATER_NS).events if event.bar > 2_600]
    assert len(events) > 15
    told = 0
    for event in events:
        before = {one.id: one for one in forming(bars[: event.bar])}
        if event.id not in before:
            continue  # its last point and the close that confirms it are known on the same bar
        told += 1
        one = before[event.id]
        assert [point[:4] for point in one.points] == [point[:4] for point in event.points]
        assert one.stop == pytest.approx(event.stop)
        assert [entry.status for entry in one.history] == ["forming"]
        assert (one.entry_reference, one.remaining_to_target, one.reached_before_confirmation) == (None, None, None)
        assert one.bar < event.bar
    assert told > len(events) / 2


def test_all_of_its_points_are_known_and_no_later_than_the_last_bar(bars: Bars) -> None:
    found = 0
    for count in range(2_600, 3_200, 10):
        for event in forming(bars[:count]):
            found += 1
            assert max(point.confirmed_at for point in event.points) == event.confirmed_at <= bars.time[count - 1]
            assert all(point.bar <= event.bar < count for point in event.points)
            assert event.reward_to_risk is None
            assert event.facts is not None
            assert event.facts.entry is None
    assert found > 20


def test_a_shape_between_two_lines_is_told_for_both_sides(bars: Bars) -> None:
    plan = Plan.parse(["rectangle", "channel_up", "symmetrical_triangle"])
    sides: dict[tuple[str, int], set[str]] = {}
    for count in range(2_400, 3_200, 5):
        for event in forming(bars[:count], plan):
            sides.setdefault((event.name, event.points[0].bar), set()).add(event.side)
    assert {"bullish", "bearish"} in sides.values()


def test_events_are_the_same_and_an_open_last_bar_decides_nothing(bars: Bars) -> None:
    part = bars[:2_700]
    assert run(PLAN, part, now_ns=LATER_NS, forming=True).events == run(PLAN, part, now_ns=LATER_NS).events
    open_ = run(PLAN, part, now_ns=int(part.time[-1]) + 1, forming=True)
    assert open_.provisional
    assert open_.forming == forming(part[:-1])


def test_it_is_kept_with_the_result_and_found_on_few_and_on_equal_bars(bars: Bars) -> None:
    result = run(PLAN, bars[:2_950], now_ns=LATER_NS, forming=True)
    (again,) = codec.unpack(codec.pack([result]))
    assert again.forming == result.forming
    assert again.to_dict()["forming"] == result.to_dict()["forming"]
    assert forming(series.walk(16)) == []
    still = series.changed(series.walk(60), **{name: np.full(60, 5.0) for name in ("open", "high", "low", "close")})
    assert forming(still) == []
