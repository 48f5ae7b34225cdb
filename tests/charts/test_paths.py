"""Columns as paths: short, broken where nothing is known, and read back to where the values are."""

import re

import numpy as np
import pytest

from analysis.arrays import Floats
from charts import paths

X: Floats = np.arange(0, 50, 10).astype(np.float64)


def points(path: str) -> list[tuple[float, float]]:
    """Return where a path of relative pairs goes."""
    numbers = [float(one) for one in re.findall(r"-?(?:\d+\.\d|\.\d|\d+)", path.replace("h0", ""))]
    steps = np.array(numbers).reshape(-1, 2)
    return [tuple(np.round(one, 1)) for one in steps.cumsum(axis=0)]


@pytest.mark.parametrize("heights", [[1, 2, 3, 4, 5], [0.04, 99.96, -3.25, 1e3, 0], [-1, -1, -1, -1, -1]])
def test_rounding_does_not_add_up(heights: list[float]) -> None:
    there = np.array(points(paths.curve(X, np.array(heights, dtype=float))))
    assert there == pytest.approx(np.column_stack([X, heights]), abs=0.051)


def test_what_is_unknown_breaks_the_line_and_a_value_alone_is_a_dot() -> None:
    path = paths.curve(X, np.array([1.0, 2.0, np.nan, 4.0, np.nan]))
    assert path.count("m") == 2
    assert path.endswith("h0")
    assert paths.curve(X, np.full(5, np.nan)) == ""
    assert paths.area(X, np.full(5, np.nan), X) == ""


def test_levels_are_flat_and_have_no_line_between_them() -> None:
    path = paths.steps(X, np.array([1.0, 1.0, np.nan, 7.0, 8.0]), 10.0)
    assert re.findall(r"h(\S+?)(?=M|$)", path) == ["20", "10", "10"]
    assert "l" not in path.lower()


def test_a_value_far_outside_stays_a_short_number() -> None:
    assert len(paths.curve(X, np.array([0.0, 1e300, -1e300, 5.0, 1.0]))) < 80
