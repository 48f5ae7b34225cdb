"""How much is drawn where: candles, lines and dots on a coarse grid, so that labels keep off them."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil

import numpy as np

from analysis.arrays import Floats, Ints

Box = tuple[float, float, float, float]  # left, top, right, bottom
CELL = 4.0  # pixels
FAR = 4_000.0  # pixels beyond which a place is not told apart
# How much each thing counts: what must be seen most, most.
BARS, LINE, COLUMN, DOT = 2, 2, 1, 4


class Ink:
    """The grid. What is drawn is added first; then `dry()`, then `share()`."""

    def __init__(self, plot: Box) -> None:
        """Begin with an empty grid over the plot."""
        self.left, self.top, right, bottom = plot
        self.rows = max(1, ceil((bottom - self.top) / CELL))
        self.columns = max(1, ceil((right - self.left) / CELL))
        self._edges: Ints = np.zeros((self.rows + 1, self.columns + 1), dtype=np.int64)
        self._sums: Ints = self._edges

    def rectangles(self, boxes: Floats, weight: int) -> None:
        """Add rectangles, a row of left, top, right and bottom each; one with an edge that is NaN is none."""
        known = boxes[np.isfinite(boxes).all(axis=1)]
        c0, r0, c1, r1 = self._cells(known)
        for rows, columns, sign in ((r0, c0, 1), (r1, c1, 1), (r0, c1, -1), (r1, c0, -1)):
            np.add.at(self._edges, (rows, columns), sign * weight)

    def line(self, points: Sequence[tuple[float, float]] | Floats, weight: int) -> None:
        """Add a line through points."""
        spots = np.clip(np.asarray(points, dtype=np.float64).reshape(-1, 2), -FAR, FAR)
        spots = spots[np.isfinite(spots).all(axis=1)]
        for one, other in pairwise(spots):
            steps = int(np.abs(other - one).max() / CELL) + 1
            on = one + (other - one) * (np.arange(steps) / steps)[:, None]
            self.rectangles(np.concatenate((on, on), axis=1), weight)

    def curve(self, x: Floats, y: Floats, weight: int) -> None:
        """Add what a column's line covers: at each bar from its value to the next one's."""
        upper, lower = np.fmin(y[:-1], y[1:]), np.fmax(y[:-1], y[1:])
        self.rectangles(np.column_stack((x[:-1], upper, x[1:], lower)), weight)

    def dots(self, points: Sequence[tuple[float, float]], weight: int) -> None:
        """Add dots of three pixels."""
        spots = np.clip(np.asarray(points, dtype=np.float64).reshape(-1, 2), -FAR, FAR)
        self.rectangles(np.concatenate((spots - 3, spots + 3), axis=1), weight)

    def dry(self) -> None:
        """Sum up what was added, for `share` to read."""
        cells = self._edges.cumsum(axis=0).cumsum(axis=1)[: self.rows, : self.columns]
        self._sums = np.zeros((self.rows + 1, self.columns + 1), dtype=np.int64)
        self._sums[1:, 1:] = cells.cumsum(axis=0).cumsum(axis=1)

    def share(self, boxes: Floats) -> Floats:
        """Return for each box how much is drawn under it, in candles on all of it."""
        c0, r0, c1, r1 = self._cells(boxes)
        found = self._sums[r1, c1] - self._sums[r0, c1] - self._sums[r1, c0] + self._sums[r0, c0]
        return np.asarray(found / (BARS * np.maximum((r1 - r0) * (c1 - c0), 1)), dtype=np.float64)

    def _cells(self, boxes: Floats) -> tuple[Ints, Ints, Ints, Ints]:
        """Return the first column and row of each box, and those after its last."""
        shifted = (np.clip(boxes, -FAR, FAR) - np.array([self.left, self.top] * 2)) / CELL
        first, after = np.floor(shifted[:, :2]), np.floor(shifted[:, 2:]) + 1
        most = np.array([self.columns, self.rows])
        first, after = (np.clip(edges, 0, most).astype(np.int64) for edges in (first, after))
        return first[:, 0], first[:, 1], after[:, 0], after[:, 1]
