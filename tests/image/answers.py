"""Print what every entry of the catalogue answers over one series, as a hash: equal on two machines or not."""

import hashlib

import numpy as np

from analysis import Bars, Plan, run

BARS = 1_500
DAY_NS = 86_400_000_000_000

rng = np.random.default_rng(7)
close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, BARS)))
open_ = np.concatenate(([100.0], close[:-1]))
bars = Bars(
    time=DAY_NS * np.arange(BARS, dtype=np.int64),
    open=open_,
    high=np.maximum(open_, close) * 1.003,
    low=np.minimum(open_, close) * 0.997,
    close=close,
    volume=rng.integers(1, 9, BARS).astype(np.float64),
    timeframe="1d",
)
answer = run(Plan.parse(["all"]), bars, benchmark=bars)
digest = hashlib.sha256()
for name, column in sorted(answer.columns.items()):
    digest.update(name.encode() + np.ascontiguousarray(column).tobytes())
digest.update(repr(list(answer.events)).encode())
print(len(answer.columns), len(answer.events), digest.hexdigest())
