"""Everything run once, so that no job waits for a loop to be compiled: python -m analysis.precompile."""

from collections import Counter
from collections.abc import Callable

import numpy as np

from analysis import Bars, Plan, run
from analysis.catalog.registry import ENTRIES
from analysis.outcomes import measured, stated

BARS = 400
DAY_NS = 86_400_000_000_000


def _nobody(done: int, total: int) -> None:
    """Tell nobody."""


def precompile(tell: Callable[[int, int], None] = _nobody) -> None:
    """Compile every loop, or read what was compiled before: minutes at the first call, a blink at later ones.

    `tell` is called after each category of the catalogue with how many entries are done, and how many there are.
    """
    rng = np.random.default_rng(1)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, BARS)))
    open_ = np.concatenate(([100.0], close[:-1]))
    high, low = np.maximum(open_, close) * 1.002, np.minimum(open_, close) * 0.998
    volume = rng.integers(1, 9, BARS).astype(np.float64)
    time = DAY_NS * np.arange(BARS, dtype=np.int64)
    bars = Bars(time=time, open=open_, high=high, low=low, close=close, volume=volume, timeframe="1d")
    done = 0
    for category, count in Counter(one.category for one in ENTRIES.values()).items():
        run(Plan.parse([{"group": category}]), bars, benchmark=bars)
        done += count
        tell(done, len(ENTRIES))
    # Columns of the bars are read only, those of other entries are not: to a compiler these are two types.
    nested = [{"name": name, "source": "ema(close, 3)"} for name, one in ENTRIES.items() if one.takes_source]
    events = run(Plan.parse(["all", *nested]), bars, benchmark=bars).events
    measured(stated(events, bars), bars)


if __name__ == "__main__":
    precompile(lambda done, total: print(f"compiled: {done} of {total}", flush=True))  # noqa: T201 (a command)
