"""What an entry computes with, as one hash: its functions, those that they call, and the constants that they read.

A stored answer is reused, and a certificate is good, only as long as this hash is the same. It is of the text of the
functions, so it is the same on every version of Python.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from analysis.catalog.entry import Entry
from analysis.kernels.jit import CompiledLoops

# What every entry's answer is made of alike is not part of any: `shared_hash` has it.
SHARED = ("analysis.catalog.", "analysis.events", "analysis.event_list", "analysis.bars", "analysis.errors")
SHARED_FILES = (
    *("engine.py", "interpreter.py", "resampling.py", "price_series.py", "bars.py", "timeframe.py"),
    *("sessions.py", "session_rule.py", "session_periods.py", "alignment.py"),
    *("events.py", "event_list.py", "result.py", "occurrences.py", "operations.py", "trade_facts.py"),
    *("language/call.py", "language/nodes.py", "language/part.py"),
    *("kernels/logic.py", "kernels/recent.py", "kernels/unknown.py"),
)
OF_ENTRY = ("compute", "detect", "forming", "warmup", "converged_after")
STATED = ("inputs", "outputs", "params", "history", "default_source", "ascending", "accumulates")


@cache
def source_hash(entry: Entry) -> str:
    """Return 16 hexadecimal digits over the entry's functions and what those use of ours, and over what it states."""
    digest = sha256(repr([getattr(entry, name) for name in STATED]).encode())
    seen: set[int] = set()
    texts: list[str] = []
    for name in OF_ENTRY:
        function = getattr(entry, name)
        if function is not None:
            texts += _texts(function, seen)
    for text in sorted(texts):
        digest.update(text.encode())
    return digest.hexdigest()[:16]


@cache
def shared_hash() -> str:
    """Return 16 hexadecimal digits over the files that every entry's answer passes through."""
    root = Path(__file__).parents[1]
    texts = [(root / name).read_text(encoding="utf-8") for name in SHARED_FILES]
    return sha256("\0".join(texts).encode()).hexdigest()[:16]


def _texts(one: Any, seen: set[int]) -> Iterator[str]:
    """Yield the text of a function or a class of ours, and of all that it names: functions, classes, constants."""
    one = getattr(one, "py_func", one)  # what numba has compiled
    one = inspect.unwrap(one) if isinstance(one, FunctionType) else one
    if id(one) in seen:
        return
    seen.add(id(one))
    if isinstance(one, type):
        yield _source(one)
        for member in vars(one).values():
            # What dataclass and NamedTuple have written has no text.
            if isinstance(member, FunctionType) and member.__code__.co_filename == inspect.getsourcefile(one):
                yield from _texts(member, seen)
        return
    if not isinstance(one, FunctionType):
        yield getattr(one, "__name__", type(one).__name__)  # TA-Lib's, a partial's
        return
    yield _source(one)
    yield from _values("default", [*(one.__defaults__ or ()), *(one.__kwdefaults__ or {}).values()], seen)
    names = sorted(_names(one.__code__))
    found = {name: one.__globals__[name] for name in names if name in one.__globals__}
    for module in [value for value in found.values() if isinstance(value, ModuleType) and _is_ours(value.__name__)]:
        found |= {f"{module.__name__}.{name}": getattr(module, name) for name in names if hasattr(module, name)}
    for cell, content in zip(one.__code__.co_freevars, one.__closure__ or (), strict=True):
        found[cell] = content.cell_contents
    for name, value in found.items():
        yield from _values(name, value, seen)


def _values(name: str, value: Any, seen: set[int]) -> Iterator[str]:
    """Yield what a name stands for: the text of a function or a class, or a constant with its value."""
    if isinstance(value, ModuleType):
        return
    if isinstance(value, FunctionType | type) or hasattr(value, "py_func"):
        if _is_ours(str(getattr(value, "__module__", "") or "")):
            yield from _texts(value, seen)
    else:
        yield f"{name} = {_constant(value, seen)!r}"


def _constant(value: Any, seen: set[int]) -> Any:
    """Return a constant as texts, lists and numbers that print the same in every process."""
    if isinstance(value, CompiledLoops):
        return sorted(value.liberties)
    if isinstance(value, np.ndarray):
        return [str(value.dtype), value.tolist()]
    if isinstance(value, dict):
        return [(_constant(key, seen), _constant(one, seen)) for key, one in value.items()]
    if isinstance(value, set | frozenset):
        return sorted((_constant(one, seen) for one in value), key=repr)
    if isinstance(value, tuple | list):
        return [_constant(one, seen) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return [(one.name, _constant(getattr(value, one.name), seen)) for one in fields(value)]
    if isinstance(value, FunctionType):
        return sorted(_texts(value, seen))
    plain = value is None or isinstance(value, bool | int | float | complex | str | bytes)
    return value if plain else type(value).__qualname__


@cache
def _source(one: Callable[..., Any]) -> str:
    return inspect.getsource(one)


def _is_ours(module: str) -> bool:
    return module.startswith("analysis.") and not module.startswith(SHARED)


def _names(code: CodeType) -> set[str]:
    """Return what the code names, comprehensions and inner functions with it: before Python 3.12 those stand apart."""
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    return set(code.co_names).union(*map(_names, inner))
