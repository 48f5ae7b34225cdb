"""Of events that tell the same story the first confirmed stays; a later, better one does not replace it.

Two tell the same story when they end at one point, or when they span mostly the same bars.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.kernels import overlap as kernel
from analysis.kernels.jit import jit
from analysis.patterns.candidates import Candidate
from analysis.patterns.sizes import Size

NEAR = 2  # bars between last points that are one, seen from two scales
SHARED = 0.5  # of the shorter of two spans
SAME_BARS = 0.6  # intersection over union of two spans: what an event's `same_as` goes by


class LastPoints:
    """The last points that events have taken: who asks first has it, and all within NEAR bars of it."""

    def __init__(self) -> None:
        self._taken: set[tuple[Hashable, int]] = set()

    def take(self, whose: Hashable, bar: int) -> bool:
        """Take the point at a bar, of the highs or the lows or of one name; False if it is taken."""
        if (whose, bar) in self._taken:
            return False
        self._taken |= {(whose, near) for near in range(bar - NEAR, bar + NEAR + 1)}
        return True


class Spans(NamedTuple):
    """What decides between rivals, a column each: `names` are places in the alphabet's order of all there are."""

    bars: Ints  # the confirming ones
    first: Ints  # the bars of the first and of the last point
    last: Ints
    points: Ints  # how many
    scores: Floats
    names: Ints

    def kept(self, rivals: int) -> Ints:
        """Return the places of those that stay, in the order of their bars, on one bar of the most points first.

        What stays does not depend on what is confirmed later.
        """
        order = np.lexsort((self.first, self.names, -self.scores, -self.points, self.bars))
        # A loop is compiled for columns that lie in one piece.
        bars, first, last, names = map(np.ascontiguousarray, (self.bars, self.first, self.last, self.names))
        return jit[kernel.kept](order, bars, first, last, names, rivals, SHARED, SAME_BARS)


def first_confirmed(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates without those that overlap one confirmed before, or on the same bar with more points."""
    return without_rivals(candidates, kernel.ANY)


def apart_by_name(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, in the order of their bars, without those that overlap an earlier one of their name."""
    return without_rivals(candidates, kernel.BY_NAME)


def rivals_of(size: Size) -> int:
    """Return which of other names are rivals; where only those over the same bars are, two of one name still lie apart.

    A small triangle at the end of a rectangle takes nothing from it then.
    """
    return kernel.BY_BARS if size.is_rival_by_bars else kernel.ANY


def without_rivals(candidates: Sequence[Candidate], rivals: int) -> list[Candidate]:
    """Return the candidates without their rivals: those of another name are as `rivals` says."""
    if len(candidates) < 2:
        return list(candidates)
    ranks = {name: rank for rank, name in enumerate(sorted({candidate.name for candidate in candidates}))}
    rows = [(one.bar, one.marks[0].bar, one.marks[-1].bar, len(one.marks), ranks[one.name]) for one in candidates]
    bars, first, last, points, names = np.array(rows, np.int64).T
    spans = Spans(bars, first, last, points, np.array([candidate.score for candidate in candidates]), names)
    return [candidates[place] for place in spans.kept(rivals).tolist()]
