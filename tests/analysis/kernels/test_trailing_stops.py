"""Stops turn on a close beyond them, and on nothing else."""

import numpy as np

from analysis.kernels.trailing_stops import from_the_best_close, ratcheting

ONE = np.ones(9)


def test_a_ratcheting_stop_never_moves_back_and_does_not_turn_on_a_close_that_meets_it() -> None:
    close = np.array([10.0, 12.0, 11.5, 11.0, 13.0, 12.0, 11.9, 11.8, 11.0])
    stop, direction = ratcheting(close, ONE, 1)
    assert np.isnan(stop[0])
    assert stop[1:].tolist() == [11.0, 11.0, 11.0, 12.0, 12.0, 12.9, 12.8, 12.0]
    assert direction[1:].tolist() == [1, 1, 1, 1, 1, -1, -1, -1]


def test_a_stop_from_the_best_close_is_unknown_until_the_guessed_trend_has_ended() -> None:
    close = np.array([10.0, 11.0, 12.0, 12.5, 11.0, 10.8, 12.2, 12.0, 10.9])
    stop, direction = from_the_best_close(close, ONE, 2)
    assert np.isnan(stop[:5]).all()
    assert stop[5:].tolist() == [12.0, 11.8, 11.2, 11.2]
    assert direction[5:].tolist() == [-1, 1, 1, -1]


def test_bars_no_more_than_the_period_have_no_stop() -> None:
    for loop in (ratcheting, from_the_best_close):
        assert np.isnan(np.array(loop(ONE[:3], ONE[:3], 3))).all()
