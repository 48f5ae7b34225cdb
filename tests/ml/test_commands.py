"""The commands that make and evaluate a model say what they lack."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml.series_files import FREE
from tests.analysis.shipped import ROOT


def run(script: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", f"scripts.{script}", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)


@pytest.mark.parametrize("script", ["evaluate_model", "make_model"])
def test_without_data_they_say_so_and_exit_with_two(script: str, tmp_path: Path) -> None:
    done = run(script, "--data", str(tmp_path))
    assert done.returncode == 2
    assert FREE[0].name in done.stderr


def test_a_universe_too_small_to_train_on_is_refused_with_both_numbers(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, 700)))
    table = pd.DataFrame({"close": close, "timestamp": pd.date_range("2005-01-03", periods=700, tz="UTC", unit="ms")})
    table["open"] = table["close"].shift(1).fillna(100.0)
    table["high"] = table[["open", "close"]].max(axis=1) * 1.004
    table["low"] = table[["open", "close"]].min(axis=1) * 0.996
    table = table.assign(symbol="ONE", timeframe="1d", volume=1_000.0)
    for number, file in enumerate(FREE):
        table.assign(symbol=f"S{number}").to_parquet(tmp_path / file.name)
    for script in ("evaluate_model", "make_model"):
        done = run(script, "--data", str(tmp_path))
        assert done.returncode == 1
        assert "too_few_events: " in done.stderr
        assert "at least 2,000 are needed" in done.stderr
