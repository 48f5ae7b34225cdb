"""QQE's trailing line: begun in an upward trend, never away from the line while that stays between its bands."""

import numpy as np

from analysis.kernels.ratcheting_bands import trailing_line

NAN = np.nan


def test_the_line_turns_where_it_leaves_a_band_and_the_band_is_begun_again() -> None:
    line = np.array([NAN, 50.0, 53.0, 52.0, 50.0, 49.0, 53.5, 53.0])
    width = np.array([NAN, NAN, 2.0, 2.0, 2.0, 2.0, 2.0, 1.0])
    trailing, direction = trailing_line(line, width)
    assert np.isnan(trailing[:2]).all()
    assert trailing[2:].tolist() == [51.0, 51.0, 52.0, 51.0, 51.5, 52.0]
    assert direction[2:].tolist() == [1, 1, -1, -1, 1, 1]


def test_what_averages_leave_behind_turns_nothing() -> None:
    line = 50.0 + np.array([0.0, 1e-12, -1e-12, 1e-12])
    assert trailing_line(line, np.full(4, 1e-14))[1].tolist() == [1, 1, 1, 1]
