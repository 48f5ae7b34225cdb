"""Loops that numpy has no words for, compiled by numba when they are first needed, and not imported before."""

from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar

Loop = TypeVar("Loop", bound=Callable[..., Any])
_DONE: dict[Any, Any] = {}


def compiled(loop: Loop, *, fused: bool = False) -> Loop:
    """Return the loop compiled; the machine code is kept beside its file, where that can be written.

    `fused` lets a product and a sum be one step, rounded once, which halves what a recursive average waits for; what
    the loop calls of its own module is compiled likewise.
    """
    done: Loop | None = _DONE.get(loop)
    if done is None:
        done = _compile(loop, fused)
        # A loop that another of its module calls has been put in its own place: asked for again it is itself.
        _DONE[loop] = _DONE[done] = done
    return done


def _compile(loop: Loop, fused: bool) -> Loop:
    import numba

    # Compiled loops call only what is compiled: the functions of their own module come first.
    names: dict[str, Any] = getattr(loop, "__globals__", {})
    for name in loop.__code__.co_names:
        one = names.get(name)
        if isinstance(one, FunctionType) and one.__module__ == loop.__module__:
            names[name] = compiled(one, fused=fused)
    make: Any = numba.njit
    options: dict[str, Any] = {
        "nogil": True,
        "error_model": "numpy",
    }  # as numpy: what is divided by zero is infinite or NaN
    if fused:
        options["fastmath"] = {"contract"}
    try:
        made: Loop = make(cache=True, **options)(loop)
    except RuntimeError:  # no place to keep it
        made = make(**options)(loop)
    return made
