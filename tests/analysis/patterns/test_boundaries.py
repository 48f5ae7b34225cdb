"""Shapes between two lines, with the touches they have, on drawn bars."""

import numpy as np
import pytest

from analysis.validation.ground_truth import FOUND, Score, measured, shared
from analysis.validation.synthetic import chart_patterns
from analysis.validation.synthetic.paths import Outline
from tests.analysis.patterns.shapes import found

# Highs on a line at 12, lows rising to it, and out above.
ASCENDING = [-4.0, 12.0, 0.0, 12.0, 4.0, 12.0, 7.0, 22.0]


def score(name: str, touches: int) -> Score:
    def sample(rng: np.random.Generator, noise: float) -> Outline:
        return chart_patterns.sampled(rng, name, noise, touches)

    return measured(name, [sample], 0.25, 60, 7, "chart_patterns")


@pytest.mark.parametrize(("touches", "recall"), [(5, 0.75), (6, 0.8)])
@pytest.mark.parametrize("name", chart_patterns.LINES)
def test_shapes_of_five_and_of_six_touches_are_found(name: str, touches: int, recall: float) -> None:
    assert score(name, touches).recall >= recall


def test_a_further_touch_makes_no_second_event() -> None:
    for touches in (5, 6, 7):
        prices = [*ASCENDING[: touches + 1], 22.0 if touches % 2 == 0 else -10.0]
        events, turns = found("chart_patterns", prices)
        mine = [
            event
            for event in events
            if shared(np.array([[event.points[0].bar, event.points[-1].bar]]), turns[0], turns[touches - 1])[0] >= FOUND
            and "triangle" in event.name
        ]
        assert len(mine) == 1, touches


def test_lines_that_have_nearly_met_are_no_shape_any_more() -> None:
    # Six touches that come together, and a way out along the apex.
    prices = [-5.0, 12.0, 0.0, 10.0, 2.0, 8.0, 4.0, 6.4, 5.6, 6.0, 20.0]
    names = [event.name for event in found("symmetrical_triangle", prices, [6, *[16] * 8, 6])[0]]
    assert names == []
