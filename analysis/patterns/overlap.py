"""Of events that tell the same story the first confirmed stays; a later, better one does not replace it.

Two tell the same story when they end at one point, or when they span mostly the same bars.
"""

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from operator import attrgetter

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


def first_confirmed(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates without those that overlap one confirmed before, or on the same bar with more points.

    What stays does not depend on what is confirmed later.
    """
    kept: list[Candidate] = []
    order = sorted(candidates, key=lambda one: (one.bar, -len(one.marks), -one.score, one.name, one.marks[0].bar))
    for candidate in order:
        first, last = candidate.marks[0].bar, candidate.marks[-1].bar
        for other in reversed(kept):
            if other.bar < first:
                kept.append(candidate)  # whatever came before ended before this began
                break
            start, end = other.marks[0].bar, other.marks[-1].bar
            if min(last, end) - max(first, start) > SHARED * min(last - first, end - start):
                break
        else:
            kept.append(candidate)
    return kept


def without_rivals(candidates: Sequence[Candidate], size: Size) -> list[Candidate]:
    """Return the candidates without their rivals, as the size has it."""
    return first_confirmed_over_bars(candidates) if size.is_rival_by_bars else first_confirmed(candidates)


def first_confirmed_over_bars(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates without rivals, of which one of another name is one only over the same bars.

    A small triangle at the end of a rectangle takes nothing from it, and two of one name still lie apart.
    """
    kept: list[Candidate] = []
    order = sorted(candidates, key=lambda one: (one.bar, -len(one.marks), -one.score, one.name, one.marks[0].bar))
    for candidate in order:
        # Whatever was confirmed before this began is no rival, and what is kept is in the order of its bars.
        since = bisect_left(kept, candidate.marks[0].bar, key=attrgetter("bar"))
        if not any(_are_rivals(candidate, other) for other in kept[since:]):
            kept.append(candidate)
    return kept


def _are_rivals(candidate: Candidate, other: Candidate) -> bool:
    first, last, start, end = (mark.bar for one in (candidate, other) for mark in (one.marks[0], one.marks[-1]))
    both = min(last, end) - max(first, start)
    if candidate.name == other.name:
        return both > SHARED * min(last - first, end - start)
    return both + 1 >= SAME_BARS * (max(last, end) - min(first, start) + 1)


def apart_by_name(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, in the order of their bars, without those that overlap an earlier one of their name."""
    names = dict.fromkeys(candidate.name for candidate in candidates)
    kept = [one for name in names for one in first_confirmed([other for other in candidates if other.name == name])]
    return sorted(kept, key=lambda one: one.bar)
