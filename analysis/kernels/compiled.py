"""Loops that numpy has no words for, compiled by numba when they are first needed, and not imported before."""

from collections.abc import Callable
from typing import Any, TypeVar

Loop = TypeVar("Loop", bound=Callable[..., Any])
_DONE: dict[Any, Any] = {}


def compiled(loop: Loop) -> Loop:
    """Return the loop compiled; the machine code is kept beside its file, where that can be written."""
    done: Loop | None = _DONE.get(loop)
    if done is None:
        done = _DONE[loop] = _compile(loop)
    return done


def _compile(loop: Loop) -> Loop:
    import numba

    make: Any = numba.njit
    try:
        made: Loop = make(cache=True, nogil=True)(loop)
    except RuntimeError:  # no place to keep it
        made = make(nogil=True)(loop)
    return made
