"""Loops compiled on demand."""

import numpy as np

from analysis.kernels.deviation import rolling_std
from analysis.kernels.jit import jit
from analysis.validation import series


def test_a_compiled_loop_gives_what_python_gives() -> None:
    given = (series.rough(120).close, 30)
    assert np.allclose(jit[rolling_std](*given), rolling_std(*given), rtol=1e-12, equal_nan=True)


def test_a_loop_is_compiled_once() -> None:
    assert jit[rolling_std] is jit[rolling_std]


def test_a_loop_is_compiled_where_its_code_cannot_be_kept() -> None:
    names: dict[str, object] = {}
    exec("def twice(value):\n    return 2 * value", names)
    assert jit[names["twice"]](21) == 42
