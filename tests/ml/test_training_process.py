"""Training as a process: it says what it refuses, and never outlives who has started it."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis import Bars
from ml.null_walks import walks
from ml.series_folder import put, series_in
from ml.training_process import ABANDONED, MADE
from tests.ml.training_run import filled, lines, several, started


def test_a_universe_too_small_is_said_and_no_error(tmp_path: Path) -> None:
    with started(filled(tmp_path, walks(3, 3, stochastic=False))) as process:
        told = lines(process)[-1]
        process.stdin.close()  # type: ignore[union-attr]
    assert process.returncode == 0
    assert (told["refused"], told["needed"]) == ("too_few_events", 2_000)
    assert 0 < told["found"] < 2_000


def test_it_ends_with_who_has_started_it(tmp_path: Path) -> None:
    with started(filled(tmp_path, several(60))) as process:
        assert json.loads(process.stdout.readline())["stage"] == "events"  # type: ignore[union-attr]
        process.stdin.close()  # type: ignore[union-attr]
        assert process.wait(30) == ABANDONED
    assert not (tmp_path / MADE).exists()


@pytest.mark.parametrize("volume", [True, False])
def test_series_come_back_as_they_were(tmp_path: Path, volume: bool) -> None:
    given = list(walks(1, 2, stochastic=True))
    if not volume:
        given = [Bars(**{**one.columns(), "volume": None}, symbol=one.symbol, timeframe="1d") for one in given]  # type: ignore[arg-type]
    for number, bars in enumerate(given):
        put(tmp_path, number, bars)
    for bars, back in zip(given, series_in(tmp_path), strict=True):
        assert (back.symbol, back.timeframe, back.fingerprint) == (bars.symbol, bars.timeframe, bars.fingerprint)
        assert all(np.array_equal(back.columns()[name], column) for name, column in bars.columns().items())
