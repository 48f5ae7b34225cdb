"""Of events that tell the same story the first confirmed stays; a later, better one does not replace it."""

from collections.abc import Sequence

from analysis.patterns.drafts import Draft

SHARED = 0.5  # of the shorter of two spans


def first_confirmed(drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts without those that overlap one confirmed before, or on the same bar with more points.

    What stays does not depend on what is confirmed later.
    """
    kept: list[Draft] = []
    order = sorted(drafts, key=lambda one: (one.bar, -len(one.marks), -one.score, one.name, one.marks[0].bar))
    for draft in order:
        first, last = draft.marks[0].bar, draft.marks[-1].bar
        for other in reversed(kept):
            if other.bar < first:
                kept.append(draft)  # whatever came before ended before this began
                break
            start, end = other.marks[0].bar, other.marks[-1].bar
            if min(last, end) - max(first, start) > SHARED * min(last - first, end - start):
                break
        else:
            kept.append(draft)
    return kept
