"""Values that other projects' own tests state: few, and as independent as whole columns."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tests.analysis.oracles.cases import Expected, Source
from tests.analysis.oracles.sources import GOLDEN, csv_bars

FOUR_DECIMALS = 5.1e-5


def skender_states(of: str = "default.csv.gz", beside: str = "", **columns: Mapping[int, float]) -> Source:
    """Stock.Indicators' unit tests on 502 bars of SPY: for each of our outputs the values by the bar's place.

    `of` is the file of the bars, `beside` that of the benchmark's.
    """

    def load(folder: Path) -> Expected:
        bars = csv_bars(folder / of)
        benchmark = csv_bars(folder / beside) if beside else None
        expected = {name: np.full(len(bars), np.nan) for name in columns}
        for name, values in columns.items():
            for at, value in values.items():
                expected[name][at] = value
        return Expected(bars, expected, 1e-9, FOUR_DECIMALS, benchmark)

    return Source("Skender", load, f"{GOLDEN}/skender")
