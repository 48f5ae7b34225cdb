"""How often simulated intervals hold the truth."""

from collections.abc import Callable

import numpy as np

from ml.intervals import Interval


def covered(simulate: Callable[[np.random.Generator], Interval], truth: float, times: int, seed: int) -> float:
    """Return the share of simulated intervals that hold the truth."""
    rng = np.random.default_rng(seed)
    found = [simulate(rng) for _ in range(times)]
    return float(np.mean([one.low <= truth <= one.high for one in found]))
