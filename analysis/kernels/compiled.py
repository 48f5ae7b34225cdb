"""Loops compiled by numba when they are first called, never at import; the machine code is kept on disk."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Compiled(Generic[Given, Answer]):
    """A function of arrays and numbers, compiled on its first call together with those of its module that it calls."""

    def __init__(self, function: Callable[Given, Answer]) -> None:
        self.py_func = function
        self._machine: Callable[Given, Answer] | None = None
        update_wrapper(self, function)

    def __call__(self, *args: Given.args, **kwargs: Given.kwargs) -> Answer:
        """Return what the function returns."""
        return self.machine()(*args, **kwargs)

    def machine(self) -> Callable[Given, Answer]:
        """Return the compiled function."""
        if self._machine is None:
            self._machine = self._compile()
        return self._machine

    def _compile(self) -> Callable[Given, Answer]:
        import numba

        names: dict[str, Any] = self.py_func.__globals__
        for name in self.py_func.__code__.co_names:
            if isinstance(names.get(name), Compiled):
                names[name] = names[name].machine()
        # Without an exception at a division by zero: the caller has none, or asks whether the result is finite.
        options: dict[str, Any] = {"error_model": "numpy", "nogil": True}
        try:
            machine: Callable[Given, Answer] = numba.njit(cache=True, **options)(self.py_func)
        except RuntimeError:  # nowhere to keep it
            machine = numba.njit(**options)(self.py_func)
        return machine


def compiled(function: Callable[Given, Answer]) -> Compiled[Given, Answer]:
    """Return the function as one that is compiled when it is first called."""
    return Compiled(function)
