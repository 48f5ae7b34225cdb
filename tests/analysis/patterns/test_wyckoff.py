"""Wyckoff's events on a market made by hand, and what takes each of them away."""

import numpy as np
import pytest

from analysis import Bars, Plan, run
from analysis.events import Event
from analysis.validation import series
from analysis.validation.entry_checks import LATER_NS
from tests.bars import DAY_NS, FIRST_NS

Row = tuple[float, float, float, float, float]  # open, high, low, close, volume
NAMES = {
    1: ("selling_climax", "automatic_rally", "secondary_test", "spring", "sign_of_strength", "last_point_of_support")
}
NAMES[-1] = (
    *("buying_climax", "automatic_reaction", "secondary_test", "upthrust"),
    *("sign_of_weakness", "last_point_of_supply"),
)
CLIMAX, RALLY, TEST, SPRING, SIGN, LAST = 80, 100, 106, 112, 118, 120
POINTS = {
    1: ("climax", "rally", "test", "spring", "sign", "last_point"),
    -1: ("climax", "reaction", "test", "upthrust", "sign", "last_point"),
}
KNOWN = (CLIMAX, 101, TEST, SPRING, SIGN, 121)  # the rally when price has come back from it, the last by the bar after


def schematic() -> list[Row]:
    """Eighty quiet bars that fall by 0.1, then climax, rally, test, spring, strength and last point of support.

    A quiet bar spans 0.5, and so does ATR14 before the climax; the mean volume is 105.
    """
    rows: list[Row] = [
        (100 - 0.1 * n, 100.2 - 0.1 * n, 99.7 - 0.1 * n, 99.9 - 0.1 * n, 100 + 10 * (n % 2)) for n in range(80)
    ]
    rows.append((92.0, 92.1, 89.9, 91.0, 900))  # 2.2 wide, closes at half of it
    rows += [(91.0 + 0.1 * n, 91.3 + 0.1 * n, 90.8 + 0.1 * n, 91.1 + 0.1 * n, 100) for n in range(20)]  # up to 93.2
    rows += [(92.0, 92.1, 91.8, 91.9, 100)] * 5
    rows.append((90.5, 90.8, 90.1, 90.6, 200))  # 0.2 above the climax, a quarter of its volume
    rows += [(91.0, 91.3, 90.8, 91.1, 100)] * 5
    rows.append((90.2, 90.5, 89.6, 90.3, 150))  # 0.3 below the range, and back inside at once
    rows += [(91.0 + 0.2 * n, 91.3 + 0.2 * n, 90.9 + 0.2 * n, 91.2 + 0.2 * n, 100) for n in range(5)]
    rows.append((92.5, 94.6, 92.4, 94.5, 400))  # closes above 93.2
    rows.append((94.5, 94.8, 94.3, 94.6, 120))
    rows.append((94.4, 94.5, 94.0, 94.3, 60))  # 0.8 below 94.8, on little volume
    rows += [(94.4, 94.75, 94.3, 94.7, 100)] * 5  # closes above that bar
    return rows


def events(rows: list[Row], side: int = 1) -> list[Event]:
    """Return the events on these bars, or on the same turned over."""
    table = np.array(rows, np.float64)
    prices = [table[:, at] if side > 0 else 200 - table[:, at] for at in range(4)]
    high, low = (prices[1], prices[2]) if side > 0 else (prices[2], prices[1])
    time = FIRST_NS + DAY_NS * np.arange(len(table), dtype=np.int64)
    volume = np.ascontiguousarray(table[:, 4])
    columns = {"open": prices[0], "high": high, "low": low, "close": prices[3], "volume": volume}
    bars = Bars(time=time, **{name: column.copy() for name, column in columns.items()}, timeframe="1d")
    return list(run(Plan.parse([{"group": "wyckoff"}]), bars, now_ns=LATER_NS).events)


def told(found: list[Event]) -> list[tuple[str, int]]:
    return sorted(((event.name.removeprefix("wyckoff_"), event.bar) for event in found), key=lambda one: one[1])


@pytest.mark.parametrize("side", [1, -1])
def test_the_schematic_has_each_event_once_and_in_order(side: int) -> None:
    found = events(schematic(), side)
    assert told(found) == list(zip(NAMES[side], KNOWN, strict=True))
    assert {event.side for event in found} == {"bullish" if side > 0 else "bearish"}
    bars = {event.name: [point.bar for point in event.points] for event in found}
    last = f"wyckoff_{NAMES[side][-1]}"
    assert bars[last] == [CLIMAX, RALLY, SIGN, LAST]
    scores = {event.bar: event.score for event in found}
    assert [scores[bar] for bar in KNOWN] == pytest.approx([0.3, 0.4, 0.6, 0.6, 0.8, 1.0])
    for event in found:
        assert all(point.confirmed_at <= event.confirmed_at for point in event.points)


@pytest.mark.parametrize("side", [1, -1])
def test_points_are_called_as_they_are_on_their_side(side: int) -> None:
    found = events(schematic(), side)
    assert tuple(event.points[-1].label for event in found) == POINTS[side]
    climax, reaction = POINTS[side][:2]
    assert all([point.label for point in event.points[:2]] == [climax, reaction] for event in found[1:])


def test_the_range_gives_targets_and_the_extremes_the_stops() -> None:
    found = {event.bar: event for event in events(schematic())}
    assert found[CLIMAX].targets == found[101].targets == ()
    assert found[SPRING].targets == pytest.approx((93.2,))
    assert found[SIGN].targets == pytest.approx((93.2 + 3.3,))
    unit = 0.5
    assert found[CLIMAX].stop == pytest.approx(89.9 - 0.25 * unit, abs=0.01)
    assert found[SPRING].stop == pytest.approx(89.6 - 0.25 * unit, abs=0.01)
    assert found[121].stop == pytest.approx(94.0 - 0.25 * unit, abs=0.01)


CHANGES: list[tuple[int, Row, str]] = [
    (CLIMAX, (92.0, 92.1, 89.9, 91.0, 150), "selling_climax"),  # on little volume
    (CLIMAX, (91.0, 92.1, 89.9, 90.2, 900), "selling_climax"),  # closes at its low
    (TEST, (90.5, 90.8, 90.1, 90.6, 800), "secondary_test"),  # nearly as loud as the climax
    (SPRING, (90.2, 90.5, 89.2, 90.3, 150), "spring"),  # more than an ATR below
    (SPRING, (90.2, 90.5, 89.6, 90.3, 950), "spring"),  # louder than the climax
    (SIGN, (92.5, 94.6, 92.4, 94.5, 50), "sign_of_strength"),  # on less than the mean volume
    (SIGN, (92.5, 93.3, 92.4, 93.1, 400), "sign_of_strength"),  # closes inside the range
    (LAST, (94.4, 94.5, 94.0, 94.3, 500), "last_point_of_support"),  # louder than the sign
]


@pytest.mark.parametrize(("bar", "row", "gone"), CHANGES, ids=[f"{bar}-{gone}" for bar, _, gone in CHANGES])
def test_without_its_part_of_the_rule_there_is_no_such_event(bar: int, row: Row, gone: str) -> None:
    rows = schematic()
    rows[bar] = row
    if gone == "sign_of_strength":
        rows[bar + 1 :] = [(93.0, 93.1, 92.9, 93.0, 100)] * 8
    assert (gone, KNOWN[NAMES[1].index(gone)]) not in told(events(rows))


def test_a_lower_climax_begins_a_range_of_its_own() -> None:
    rows = [
        *schematic()[:110],
        *[(90.0 - 0.1 * n, 90.2 - 0.1 * n, 89.95 - 0.1 * n, 90.0 - 0.1 * n, 100) for n in range(3)],
    ]
    rows += [(88.0, 88.2, 85.5, 87.5, 900), *[(88.0, 88.2, 87.8, 88.0, 100)] * 5]
    assert told(events(rows))[-1] == ("selling_climax", 113)


def test_bars_without_volume_have_none_and_say_so() -> None:
    bars = series.changed(series.random_walk(400), volume=None)
    result = run(Plan.parse(["wyckoff_spring"]), bars, now_ns=LATER_NS)
    assert result.events == []
    assert {note["code"] for note in result.quality} >= {"no_volume"}


def test_any_of_them_is_a_condition() -> None:
    result = run(
        Plan.parse(["within(wyckoff(side=bearish), 10) and close > 0"]), series.random_walk(400), now_ns=LATER_NS
    )
    assert next(iter(result.signals.values()))["value"] is not None
