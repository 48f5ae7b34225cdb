"""Series without any pattern but by chance: a real series' own bars in another order, and a Gaussian path."""

import numpy as np

from analysis.bars import Bars
from analysis.validation.synthetic.paths import bars_of, walk

BLOCK = 20  # bars that stay together


def block_bootstrap(bars: Bars, rng: np.random.Generator) -> Bars:
    """Return as many bars, drawn from these in blocks of 20, with the drift that they have.

    A bar is its open over the close before, and high, low and close over its open; blocks may be drawn more than once.
    A null without the drift would take for more than chance what only follows from a series that rises.
    """
    count = len(bars)
    before = np.concatenate((bars.open[:1], bars.close[:-1]))
    gap, close = np.log(bars.open / before), np.log(bars.close / bars.open)
    high, low = np.log(bars.high / bars.open), np.log(bars.low / bars.open)
    starts = rng.integers(0, count, -(-count // BLOCK))
    # Round the end to the beginning: every bar is as likely as any other.
    drawn = ((starts[:, np.newaxis] + np.arange(BLOCK)) % count).ravel()[:count]
    ends = np.cumsum(gap[drawn] + close[drawn])
    opens = bars.close[0] * np.exp(np.concatenate(([0.0], ends[:-1])) + gap[drawn])
    # Rounded apart, a high may come to lie an ulp below the close that it equals.
    closes = opens * np.exp(close[drawn])
    return Bars(
        time=bars.time,
        open=opens,
        high=np.maximum(opens * np.exp(high[drawn]), np.maximum(opens, closes)),
        low=np.minimum(opens * np.exp(low[drawn]), np.minimum(opens, closes)),
        close=closes,
        volume=None if bars.volume is None else bars.volume[drawn],
        timeframe=bars.timeframe,
        symbol=bars.symbol,
    )


def gaussian_walk(count: int, rng: np.random.Generator) -> Bars:
    """Return bars of a path of independent normal steps, 60 to a bar."""
    return bars_of([walk(rng, count, 0.0)])
