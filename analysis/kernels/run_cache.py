"""What several entries of one run need of the same columns, worked out once.

A run opens a memory for its duration; a shared function called on the very same arrays again then answers from it.
Outside of a run nothing is kept.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")
_RUN: ContextVar[dict[Any, Any] | None] = ContextVar("what this run has worked out", default=None)


class shared_in:  # noqa: N801  # a context, named as one
    """Keep what shared functions work out in this memory, and answer from it."""

    __slots__ = ("_before", "_memory")

    def __init__(self, memory: dict[Any, Any]) -> None:
        self._memory = memory

    def __enter__(self) -> None:
        self._before = _RUN.set(self._memory)

    def __exit__(self, *_: object) -> None:
        _RUN.reset(self._before)


def shared(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Return the function that works out the same thing once a run; its arrays are read by many and written by none.

    Its arrays come first, then numbers and texts, none of them by name.
    """
    plain = [one.annotation in (int, float, str) for one in signature(function).parameters.values()]
    arrays = plain.index(True) if True in plain else len(plain)

    @wraps(function)
    def once(*args: Given.args, **named: Given.kwargs) -> Found:
        memory = _RUN.get()
        if memory is None:
            return function(*args, **named)
        key = (function, *map(id, args[:arrays]), *args[arrays:])
        known = memory.get(key)
        if known is None:
            # The arrays are kept with it: an id is a name only as long as its owner lives.
            known = memory[key] = function(*args, **named), args
            columns: Any = known[0]
            for column in columns if isinstance(columns, tuple) else (columns,):
                column.flags.writeable = False
        found: Found = known[0]
        return found

    return once
