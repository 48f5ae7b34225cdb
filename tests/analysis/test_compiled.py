"""Loops compiled on demand."""

import numpy as np

from analysis.kernels.compiled import compiled
from analysis.kernels.volume_profile import value_areas
from tests.analysis import series


def test_a_compiled_loop_gives_what_python_gives() -> None:
    bars = series.rough(120)
    given = (bars.high, bars.low, bars.volume, 30, 12, 0.7)
    assert np.allclose(compiled(value_areas)(*given), value_areas(*given), rtol=1e-12, equal_nan=True)


def test_a_loop_is_compiled_once() -> None:
    assert compiled(value_areas) is compiled(value_areas)


def test_a_loop_is_compiled_where_its_code_cannot_be_kept() -> None:
    names: dict[str, object] = {}
    exec("def twice(value):\n    return 2 * value", names)
    assert compiled(names["twice"])(21) == 42
