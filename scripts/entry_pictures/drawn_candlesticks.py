"""Candlesticks that no shipped series has, drawn after the words of TA-Lib's functions."""

from collections.abc import Callable, Sequence

import numpy as np

Row = tuple[float, float, float, float]  # open, high, low, close
LEAD, REST = 36, 14


def _around(rng: np.random.Generator, own: Sequence[Row], before: float, after: float) -> list[Row]:
    """Return the bars with others before that move by `before` each on average, and others after by `after`."""
    first, last = own[0][0], own[-1][3]
    rows: list[Row] = []
    close = first - before
    for _ in range(LEAD):
        start = close - before + float(rng.normal(0, 0.35))
        rows.insert(0, _row(rng, start, close))
        close = start + float(rng.normal(0, 0.15))
    rows += own
    start = last
    for _ in range(REST):
        end = start + after + float(rng.normal(0, 0.35))
        rows.append(_row(rng, start, end))
        start = end + float(rng.normal(0, 0.15))
    return rows


def _row(rng: np.random.Generator, start: float, end: float) -> Row:
    over, under = (0.15 + 0.35 * abs(float(part)) for part in rng.normal(0, 1, 2))
    return start, max(start, end) + over, min(start, end) - under, end


def _kicking(rng: np.random.Generator) -> list[Row]:
    """A black bar without shadows, and after a gap upwards a white one without."""
    return _around(rng, [(100.0, 100.0, 97.6, 97.6), (100.8, 103.6, 100.8, 103.6)], -0.25, 0.3)


def _baby_swallow(rng: np.random.Generator) -> list[Row]:
    """Two black bars without shadows, one that gaps down with a shadow into them, and one that swallows it whole."""
    own = [(100.0, 100.0, 97.8, 97.8), (98.2, 98.2, 96.0, 96.0), (95.4, 96.8, 94.4, 94.4), (97.2, 97.2, 93.6, 93.6)]
    return _around(rng, own, -0.3, 0.3)


def _three_stars(rng: np.random.Generator) -> list[Row]:
    """Black bars, each within the one before: a long shadow below, a shorter one, and none."""
    own = [(100.0, 100.05, 94.4, 97.6), (98.6, 98.65, 95.4, 96.9), (96.85, 96.87, 96.2, 96.25)]
    return _around(rng, own, -0.3, 0.3)


CANDLESTICKS: dict[str, Callable[[np.random.Generator], list[Row]]] = {
    "concealing_baby_swallow": _baby_swallow,
    "kicking": _kicking,
    "kicking_by_length": _kicking,
    "three_stars_in_the_south": _three_stars,
}
