"""Of events that tell the same story the first confirmed stays; a later, better one does not replace it."""

from collections.abc import Sequence

from analysis.patterns.candidates import Candidate

SHARED = 0.5  # of the shorter of two spans


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
