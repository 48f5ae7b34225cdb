"""Print what features, inference and training cost, in CPU time, and the ratio to one frame per symbol.

The whole scan is the way of ml: rows of all symbols in one matrix and one call. Beside it the usual one: for each event
a pandas frame of one row, given to the same trees as a DMatrix. With --strict the exit code says whether every goal is
met.
"""

import argparse
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import xgboost as xgb

from ml.baselines import Baseline
from ml.evaluation import evaluate
from ml.examples import Examples, events_of
from ml.family import PATTERNS
from ml.features import NAMES
from ml.null_walks import walks
from ml.predict import Asked, predict
from ml.training import ROUNDS, grow, trees, weights_of
from ml.training_set import of_series

EVENTS, ROWS, ONE_BY_ONE = 100_000, 1_000, 200
GOALS = {
    "inference": 5.0,
    "with features": 150.0,
    "training": 6.0,
    "walk-forward": 180.0,
    "ratio": 500.0,
    "size": 900.0,
}


def main() -> int:
    """Measure, print, compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--strict", action="store_true")
    asked = parser.parse_args()
    examples = many(of_series(walks(1, 24, stochastic=True)).stated)
    baseline = Baseline.of(examples, weights_of(examples))
    began = time.process_time()
    booster = grow(examples, baseline, rounds=ROUNDS)
    training = (time.process_time() - began) / 2
    walked = cpu_ms(lambda: evaluate(examples), 1) / 1e3
    rows = examples.features[:ROWS]
    inference = cpu_ms(lambda: trees(booster, rows), 20)
    frames = cpu_ms(lambda: one_by_one(booster, rows[:ONE_BY_ONE]), 1) / ONE_BY_ONE * ROWS
    series = [Asked(bars, events_of(bars, PATTERNS.plans())) for bars in walks(2, 14, stochastic=True)]
    events = sum(len(one.events) for one in series)
    whole = cpu_ms(lambda: predict(series, None), 3) / events * ROWS + inference
    size = len(booster.save_raw("ubj")) / 1_000
    figures = {
        "inference": (inference, f"ms for {ROWS:,} events, features ready"),
        "with features": (whole, f"ms for {ROWS:,} events of {len(series)} series of 2,500 bars"),
        "training": (training, f"s a head, {EVENTS:,} events, {len(NAMES)} features, {ROUNDS} rounds, one thread"),
        "walk-forward": (walked, f"s, {EVENTS:,} events in six folds with intervals"),
        "ratio": (frames / inference, f"times as quick as a frame an event ({frames:,.0f} ms for {ROWS:,})"),
        "size": (size, "kB of trees"),
    }
    met = True
    for name, (figure, unit) in figures.items():
        held = figure >= GOALS[name] if name == "ratio" else figure <= GOALS[name]
        met &= held
        sign = "≥" if name == "ratio" else "≤"
        print(f"{name:<15}{figure:>10,.2f} {unit} (goal {sign} {GOALS[name]:g}{'' if held else ': missed'})")
    return 0 if met or not asked.strict else 1


def many(examples: Examples) -> Examples:
    """Return 100,000 events that are like these, and none like another to the digit."""
    taken = examples.take(np.arange(EVENTS) % len(examples))
    noise = np.random.default_rng(1).normal(0, 0.01, taken.features.shape)
    return taken.with_features((taken.features + noise).astype(np.float32))


def one_by_one(booster: xgb.Booster, rows: np.ndarray) -> None:
    """Predict each row as a frame of its own."""
    for row in rows:
        frame = pd.DataFrame([dict(zip(NAMES, row.tolist(), strict=True))])
        booster.predict(xgb.DMatrix(frame, nthread=1), output_margin=True)


def cpu_ms(work: Callable[[], object], times: int) -> float:
    """Return the CPU time of a call in ms, the least of several."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent) * 1e3


if __name__ == "__main__":
    sys.exit(main())
