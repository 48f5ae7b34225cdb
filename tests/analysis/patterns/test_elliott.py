"""Elliott: the three hard rules decide what an impulse may be, the usual proportions how good a one it is."""

from itertools import accumulate

import pytest

from analysis import Plan, run
from analysis.validation.series import walk
from tests.analysis.patterns.shapes import bars_at, found

IDEAL = (30, -16, 51, -18, 28)  # waves 1 to 5
WAVES = ["0", "1", "2", "3", "4", "5"]


def path(*legs: float, side: int = 1) -> list[float]:
    """Return turning points: an approach against the impulse, its legs, and a way out."""
    return [side * price for price in accumulate((0.0, -12.0, *legs))]


@pytest.mark.parametrize("side", [1, -1])
def test_a_textbook_impulse_is_found_at_its_points(side: int) -> None:
    events, turns = found("elliott_impulse", path(*IDEAL, -12, side=side))
    (event,) = [event for event in events if bars_at(event) == turns[:6]]
    assert [point.label for point in event.points] == WAVES
    assert event.side == ("bullish" if side > 0 else "bearish")
    assert event.score > 0.9
    assert event.bar > turns[5]
    assert event.ratios == pytest.approx({"W2/W1": 0.533, "W3/W1": 1.7, "W4/W3": 0.353, "W5/W1": 0.933}, abs=1e-3)


@pytest.mark.parametrize(
    ("legs", "broken"),
    [
        ((30, -31, 60, -20, 30), "wave 2 takes back more than wave 1"),
        ((30, -15, 24, -5, 30), "wave 3 is the shortest"),
        ((30, -10, 30, -22, 30), "wave 4 enters wave 1"),
    ],
    ids=lambda value: value.replace(" ", "_") if isinstance(value, str) else "",
)
def test_a_broken_hard_rule_is_no_impulse_at_any_score(legs: tuple[float, ...], broken: str) -> None:
    events, turns = found("elliott_impulse(min_score=0)", path(*legs, -12))
    assert not [event for event in events if bars_at(event) == turns[:6]], broken


def test_odd_proportions_lower_the_score_and_the_default_leaves_them_out() -> None:
    odd = path(30, -5, 34, -3, 70, -25)
    events, turns = found("elliott_impulse(min_score=0)", odd)
    (event,) = [event for event in events if bars_at(event) == turns[:6]]
    assert event.score < 0.6
    assert not [event for event in found("elliott_impulse", odd)[0] if bars_at(event) == turns[:6]]


@pytest.mark.parametrize(("back", "kind"), [(0.5, "zigzag_equality"), (0.95, "flat_equality")])
def test_the_correction_after_an_impulse_is_found(back: float, kind: str) -> None:
    wave_a = -24.0
    events, turns = found("elliott_abc", path(*IDEAL, wave_a, -wave_a * back, wave_a * 1.05, 14))
    (event,) = [event for event in events if bars_at(event) == turns[5:9]]
    assert [point.label for point in event.points] == ["0", "A", "B", "C"]
    assert event.side == "bullish"
    assert event.levels is not None
    assert set(event.levels) == {kind}
    assert event.ratios == pytest.approx({"B/A": back, "C/A": 1.05}, abs=1e-3)


def test_noise_is_not_full_of_impulses() -> None:
    bars = walk(20_000)
    events = run(Plan.parse(["elliott_impulse"]), bars, now_ns=4_102_444_800_000_000_000).events
    assert len(events) < 2.5 * len(bars) / 1_000
