"""The bars that a model's card keeps to know later whether it is still told of events by the same rules.

Walks with a shape of every kind that can be drawn, one after the other. They are kept in the card and not drawn again:
what they were drawn by may change.
"""

import zlib
from base64 import b64decode, b64encode
from typing import Any

import numpy as np

from analysis import Bars
from analysis.arrays import Floats
from analysis.errors import BarsError
from analysis.patterns.harmonic_ratios import FAMILIES
from analysis.timeframe import DAY_NS
from analysis.validation.synthetic import chart_patterns, harmonics
from analysis.validation.synthetic.paths import bars_of, drawn, walk
from ml.features import BARS_NEEDED

SEED = 20_240_601
BETWEEN = 60  # bars from one shape to the next
COLUMNS = ("open", "high", "low", "close", "volume")
DIGITS = 100  # prices are whole hundredths, so that what is kept is what was looked at
MOST_BARS = 20_000
CANDLESTICK_BARS, LEG, LOWEST, HIGHEST = 1_000, 12, 60.0, 160.0


def draw(seed: int = SEED) -> Bars:
    """Return the bars; the history that features need comes before the first shape."""
    rng = np.random.default_rng(seed)
    outlines = [harmonics.sampled(rng, family, 0.0) for family in FAMILIES]
    outlines += [harmonics.equal_legs(rng, 0.0), harmonics.three_drives(rng, 0.0)]
    outlines += [chart_patterns.sampled(rng, name, 0.0) for name in chart_patterns.NAMES]
    parts = [walk(rng, BARS_NEEDED + 20, 0.0)]
    for outline in outlines:
        shape, _ = drawn(rng, outline, float(parts[-1][-1, 3]))
        parts += [shape, walk(rng, BETWEEN, float(shape[-1, 3]))]
    bars = bars_of(parts)
    flag = _high_tight_flag(float(bars.close[-1]))
    after = walk(rng, BETWEEN, float(flag[-1, 3]))
    prices = np.concatenate((np.column_stack((bars.open, bars.high, bars.low, bars.close)), flag, after))
    volume = np.round(rng.lognormal(10, 0.5, len(prices)))
    return _bars(np.column_stack((prices, volume)))


def draw_candlesticks(seed: int = SEED) -> Bars:
    """Return bars with gaps, bodies and shadows of a few sizes and of none: most candlesticks are among them."""
    rng = np.random.default_rng(seed)
    rows, close, lean = [], 100.0, 0.0
    for number in range(CANDLESTICK_BARS):
        if number % LEG == 0:
            lean = float(rng.choice((-0.2, 0.0, 0.2)))
        start = close + rng.choice((-1.0, 1.0)) * rng.choice((0.0, 0.0, 0.3, 1.2))
        end = start + (1.0 if rng.random() < 0.5 + lean else -1.0) * rng.choice((0.0, 0.05, 0.5, 1.0, 2.5))
        above, below = rng.choice((0.0, 0.02, 0.3, 2.0), 2, p=(0.4, 0.2, 0.25, 0.15))
        rows.append((start, max(start, end) + above, min(start, end) - below, end))
        close = float(min(max(end, LOWEST), HIGHEST))
    return _bars(np.column_stack((np.array(rows), np.round(rng.lognormal(10, 0.5, len(rows))))))


def _high_tight_flag(start: float) -> Floats:
    """Return open, high, low and close of a price that doubles, rests and goes on; outlines are not in percent."""
    closes = start * np.concatenate((2.0 ** (np.arange(1, 31) / 30), np.linspace(1.95, 1.85, 10), (2.05, 2.1)))
    opens = np.concatenate(([start], closes[:-1]))
    return np.column_stack((opens, np.maximum(opens, closes), np.minimum(opens, closes), closes))


def packed(bars: Bars) -> str:
    """Return the bars as text: whole numbers, each as its step from the one before, compressed."""
    whole = np.round(np.column_stack([getattr(bars, name) for name in COLUMNS]) * DIGITS).astype(np.int64)
    steps = np.diff(whole.T.ravel(), prepend=0).astype("<i4")
    return b64encode(zlib.compress(steps.tobytes(), 9)).decode()


def unpacked(text: str) -> Bars:
    """Return the bars of a card. Raises ValueError for what is none."""
    most = 4 * len(COLUMNS) * MOST_BARS
    decompressor = zlib.decompressobj()
    try:
        raw = decompressor.decompress(b64decode(text, validate=True), most)
    except zlib.error as error:
        raise ValueError(f"These are no bars: {error}.") from None
    if decompressor.unconsumed_tail or not raw or len(raw) % (4 * len(COLUMNS)):
        raise ValueError("These are no bars, or too many.")
    whole = np.cumsum(np.frombuffer(raw, "<i4").astype(np.int64))
    try:
        return _bars(whole.reshape(len(COLUMNS), -1).T / DIGITS)
    except BarsError as error:
        raise ValueError(f"These are no bars: {error.detail}") from None


def _bars(table: Floats) -> Bars:
    rounded = np.round(table * DIGITS) / DIGITS
    columns: dict[str, Any] = {name: np.ascontiguousarray(rounded[:, place]) for place, name in enumerate(COLUMNS)}
    return Bars(time=np.arange(len(table), dtype=np.int64) * DAY_NS, **columns, timeframe="1d")
