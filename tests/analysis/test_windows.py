"""Loops over windows against the plainest way to write them: block edges, periods longer than a block, gaps."""

import numpy as np
import pytest

from analysis.arrays import Floats
from analysis.kernels import anchored
from analysis.kernels.averages import running_exponential, running_mean, signalled
from analysis.kernels.extremes import BLOCK, extreme
from analysis.kernels.jit import fused, jit
from analysis.kernels.rolling_windows import rolling_sum, volume_weighted
from analysis.kernels.signed_sums import signed_sums
from analysis.kernels.volume_profile import value_areas
from analysis.validation import series

PERIODS = (1, 2, 3, 14, 20, 100, BLOCK + 37)
LENGTHS = (1, 19, BLOCK, BLOCK + 1, 2 * BLOCK + 99)


def windows(values: Floats, period: int) -> list[Floats]:
    return [values[end - period + 1 : end + 1] for end in range(period - 1, len(values))]


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("length", LENGTHS)
def test_extremes_are_those_of_each_window(length: int, period: int) -> None:
    values = np.round(np.random.default_rng(length + period).normal(0, 5, length))  # with ties
    for is_highest, plain in ((True, np.max), (False, np.min)):
        found = jit[extreme](values, period, is_highest)
        assert np.isnan(found[: period - 1]).all()
        assert found[period - 1 :].tolist() == [plain(window) for window in windows(values, period)]


def test_a_beginning_that_is_unknown_is_not_counted() -> None:
    values = np.concatenate((np.full(700, np.nan), np.arange(900.0)))
    assert np.flatnonzero(~np.isnan(jit[extreme](values, 20, True)))[0] == 719
    assert np.flatnonzero(~np.isnan(jit[running_mean](values, 20)))[0] == 719
    assert np.flatnonzero(~np.isnan(fused[running_exponential](values, 20, 0.1)))[0] == 719


@pytest.mark.parametrize("period", PERIODS)
def test_sums_and_means_are_those_of_each_window(period: int) -> None:
    values = np.random.default_rng(period).normal(0, 5, 1_200)
    sums = [float(np.sum(window)) for window in windows(values, period)]
    assert np.allclose(jit[rolling_sum](values, period)[period - 1 :], sums, rtol=1e-12, atol=1e-12)
    means = jit[running_mean](values, period)[period - 1 :]
    assert np.allclose(means, np.array(sums) / period, rtol=1e-9, atol=1e-12)


def test_a_gap_is_unknown_for_a_window_and_no_longer() -> None:
    values = np.arange(60.0)
    values[30] = np.nan
    assert np.flatnonzero(np.isnan(jit[rolling_sum](values, 5))).tolist() == [0, 1, 2, 3, 30, 31, 32, 33, 34]
    weights = np.ones(60)
    weights[40:50] = 0.0
    found = jit[volume_weighted](np.arange(60.0), weights, 5)
    assert np.flatnonzero(np.isnan(found)).tolist() == [0, 1, 2, 3, 44, 45, 46, 47, 48, 49]


def test_a_sum_of_nothing_is_zero_and_not_what_large_numbers_left() -> None:
    values = np.concatenate(([1e16, 0.1, -1e16, 0.3], np.full(10, -2.0), np.zeros(10)))
    rises, falls = jit[signed_sums](values, 5)
    assert rises[9:].tolist() == [0.0] * 15
    assert falls[-5:].tolist() == [0.0] * 5


def test_an_average_of_what_is_known_passes_over_gaps() -> None:
    known = np.random.default_rng(3).normal(0, 1, 40)
    gapped = np.insert(known, [10, 10, 25], np.nan)
    line, signal, apart = jit[signalled](gapped, 9)
    kept = ~np.isnan(gapped)
    assert np.allclose(signal[kept], jit[signalled](known, 9)[1], rtol=1e-12, equal_nan=True)
    assert np.isnan(line[~kept]).all()
    assert np.allclose(line - signal, apart, rtol=1e-12, equal_nan=True)


@pytest.mark.parametrize(("period", "months"), [("month", 1), ("quarter", 3), ("year", 12)])
def test_months_begin_as_in_the_calendar_for_four_thousand_years(period: str, months: int) -> None:
    days = np.arange(-730_000, 730_000)
    number = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) // months
    begins = anchored.begins(days.astype(np.float64), period)
    assert np.flatnonzero(begins[1:]).tolist() == np.flatnonzero(np.diff(number)).tolist()


def test_weeks_begin_on_mondays() -> None:
    days = np.arange(-1_000, 30_000)
    begins = anchored.begins(days.astype(np.float64), "week")
    assert {int(day) % 7 for day in days[1:][begins[1:]]} == {4}  # 5 January 1970 was one


def test_a_volume_profile_does_not_know_what_was_before_its_window() -> None:
    """Bit for bit: rows that are carried from bar to bar hold what rows that are filled again hold."""
    bars = series.rough(700)
    period, far = 60, np.full(700, 200.0)
    whole = jit[value_areas](bars.high, bars.low, bars.volume, far, far / 200, far * 1e4, period, 24, 0.7)
    for end in range(period - 1, 700, 7):
        part = slice(end - period + 1, end + 1)
        given = (bars.high[part], bars.low[part], bars.volume[part], far[part], far[part] / 200, far[part] * 1e4)
        again = jit[value_areas](*given, period, 24, 0.7)
        assert whole[:, end].tolist() == again[:, -1].tolist()
