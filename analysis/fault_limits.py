"""How much of what is wrong is looked for: a request of a thousand jobs is refused as cheaply as one of one job.

Outside of these blocks everything is. In them the things of one request (its jobs, their analyses) share what may be
named and what similar names are looked up for, so that one who has used it up has the others refused by their first
fault.
"""

import difflib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from analysis.errors import MOST_FAULTS

LONGEST_NAME = 80  # characters of what may be a misspelt name
_ROOM: ContextVar[list[int] | None] = ContextVar("faults that may be named", default=None)
_LOOKUPS: ContextVar[list[int] | None] = ContextVar("lookups left", default=None)


@contextmanager
def shared_room(most: int = MOST_FAULTS) -> Iterator[None]:
    """Let all that is refused in here name no more faults than these together, and each at least one."""
    token = _ROOM.set([most])
    try:
        yield
    finally:
        _ROOM.reset(token)


def room() -> int:
    """Return how many faults of what is being looked at are worth finding, one at least."""
    left = _ROOM.get()
    return sys.maxsize if left is None else max(left[0], 1)


def take_room(count: int) -> None:
    """Write down how many faults have been found."""
    left = _ROOM.get()
    if left is not None:
        left[0] -= count


@contextmanager
def few_suggestions(most: int) -> Iterator[None]:
    """Let similar() look up no more than `most` names in here, and no more than are left outside: each takes 2 ms."""
    outside = _LOOKUPS.get()
    left = [most if outside is None else min(most, outside[0])]
    token = _LOOKUPS.set(left)
    begun = left[0]
    try:
        yield
    finally:
        _LOOKUPS.reset(token)
        if outside is not None:
            outside[0] -= begun - left[0]


def similar(name: str, known: Iterable[str], count: int = 3, cutoff: float = 0.6) -> list[str]:
    """Return those of the known names that are most like this one; none once few_suggestions() has been used up."""
    left = _LOOKUPS.get()
    if len(name) > LONGEST_NAME or (left is not None and left[0] <= 0):
        return []
    if left is not None:
        left[0] -= 1
    return difflib.get_close_matches(name, list(known), n=count, cutoff=cutoff)
