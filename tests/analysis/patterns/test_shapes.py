"""Shapes that are rows until someone looks: which are made, and that they are the same however they are asked for."""

import pytest

from analysis.bars import Bars
from analysis.catalog.entry import DetectionContext
from analysis.catalog.registry import ENTRIES
from analysis.patterns.candidates import Candidate
from analysis.patterns.marks import Mark
from analysis.patterns.shapes import Shapes, shapes_of
from analysis.validation import series


def given(bars: Bars, name: str) -> DetectionContext:
    return DetectionContext(bars, (), ENTRIES[name].defaults(), {}, lambda text: bars.close)


def candidate(name: str, bar: int) -> Candidate:
    marks = [Mark("start", bar - 9, 1.0, bar - 8), Mark("end", bar - 2, 1.0, bar)]
    return Candidate(name=name, direction=1, score=0.5, bar=bar, marks=marks, life=20)


def test_they_are_told_by_name_in_their_order() -> None:
    found = shapes_of(
        given(series.rough(100), "double_top"), "k", [candidate("b", 30), candidate("a", 20), candidate("b", 10)]
    )
    assert {name: [event.bar for event in shapes] for name, shapes in found.items()} == {"b": [30, 10], "a": [20]}
    assert len(found["b"]) == 2
    assert found["b"][1].bar == 10
    assert found["b"][:1] == [found["b"][0]]


def test_of_one_bar_only_its_own_are_made() -> None:
    made = []

    def make(place: int) -> Candidate:
        made.append(place)
        return candidate("a", 20 + place)

    shapes = Shapes(given(series.rough(100), "double_top"), "k", make)
    for place in (0, 1, 2):
        shapes.add(place, 20 + place)
    assert [event.bar for event in shapes.at(21)] == [21]
    assert shapes.at(50) == []
    assert made == [1]
    assert shapes.at(21) == shapes[1:2]


@pytest.mark.parametrize("name", ["rectangle", "double_top", "bear_flag", "wolfe_wave"])
def test_the_events_of_a_bar_are_those_of_the_whole(name: str) -> None:
    detect = ENTRIES[name].detect
    assert detect is not None
    shapes = detect(given(series.rough(2_000), name))
    assert isinstance(shapes, Shapes)
    assert len(shapes) == len(list(shapes)) > 0
    for bar in {event.bar for event in shapes}:
        assert shapes.at(bar) == [event for event in shapes if event.bar == bar]
