"""The rolling median beside numpy's, with ties, on windows of every kind."""

import numpy as np
import pytest

from analysis.kernels.jit import jit
from analysis.kernels.rolling_median import rolling_median
from analysis.validation import series


@pytest.mark.parametrize("period", [1, 2, 3, 20, 119, 120, 121])
def test_it_is_numpys_median_of_every_window(period: int) -> None:
    values = np.round(series.rough(120).close, 1)  # with many ties
    expected = np.full(120, np.nan)
    for end in range(period, 121):
        expected[end - 1] = np.median(values[end - period : end])
    assert np.array_equal(rolling_median(values, period), expected, equal_nan=True)
    assert np.array_equal(jit[rolling_median](values, period), expected, equal_nan=True)
