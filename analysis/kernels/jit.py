"""Loops that numpy has no words for, compiled by numba when they are first needed, and not imported before.

`compiled[loop]` is the loop compiled, `fused[loop]` the same where a product and a sum may be one step, rounded once,
which halves what a recursive average waits for. What a loop calls of its own module is compiled likewise.
"""

from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from analysis.kernels.compile_turns import in_turn

Loop = TypeVar("Loop", bound=Callable[..., Any])


class CompiledLoops(dict[Any, Any]):
    """Loops by their functions, each compiled when it is first asked for; asked for again it is found at once."""

    def __init__(self, liberties: set[str] | None = None) -> None:
        super().__init__()
        self.liberties = frozenset(liberties or ())

    if TYPE_CHECKING:

        def __getitem__(self, loop: Loop) -> Loop:
            """Return the loop compiled."""

    def __missing__(self, loop: Loop) -> Loop:
        """Compile the loop; the machine code is kept beside its file, where that can be written."""
        done = self._compile(loop)
        # A loop that another of its module calls has been put in its own place: asked for again it is itself.
        self[loop] = self[done] = done
        return done

    def _compile(self, loop: Loop) -> Loop:
        import numba

        # Compiled loops call only what is compiled: the functions of their own module come first.
        names: dict[str, Any] = getattr(loop, "__globals__", {})
        for name in loop.__code__.co_names:
            one = names.get(name)
            if isinstance(one, FunctionType) and one.__module__ == loop.__module__:
                names[name] = self[one]
        make: Any = numba.njit
        # As numpy: what is divided by zero is infinite or NaN.
        options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
        if self.liberties:
            options["fastmath"] = set(self.liberties)
        try:
            made: Any = make(cache=True, **options)(loop)
        except RuntimeError:  # no place to keep it
            made = make(**options)(loop)
        else:
            made.compile = in_turn(made.compile, loop.__code__.co_filename)
        return cast(Loop, made)


jit = CompiledLoops()
fused = CompiledLoops({"contract"})
