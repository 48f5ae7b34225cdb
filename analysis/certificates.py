"""What the point-in-time check found for each entry, and for which source.

`python -m tests.analysis.certify` writes it.
"""

import inspect
import json
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from analysis.spec import Entry

FILE = Path(__file__).with_name("certificates.json")
Certificate = dict[str, Any]


@cache
def certificates() -> dict[str, Certificate]:
    """Return every certificate by its entry's name; none if the file is missing."""
    if not FILE.exists():
        return {}
    found: dict[str, Certificate] = json.loads(FILE.read_text())
    return found


def source_hash(entry: Entry) -> str:
    """Return a hash of the functions that an entry computes with: its own, and ours that those use."""
    digest = sha256()
    for function in (entry.compute, entry.detect):
        if function is not None:
            for source in sorted(_sources(function, set())):
                digest.update(source.encode())
    return digest.hexdigest()[:16]


def _sources(function: Callable[..., Any], seen: set[int]) -> Iterator[str]:
    """Yield the source of a function and of every function of this package that it names."""
    function = getattr(function, "py_func", function)  # what numba has compiled
    if id(function) in seen:
        return
    seen.add(id(function))
    if not isinstance(function, FunctionType):
        yield getattr(function, "__name__", repr(function))  # TA-Lib's
        return
    yield inspect.getsource(function)
    names = sorted(_names(function.__code__))
    named = [function.__globals__.get(name) for name in names]
    modules = [one for one in named if isinstance(one, ModuleType) and one.__name__.startswith("analysis.")]
    named += [getattr(module, name, None) for module in modules for name in names]
    closed_over = [cell.cell_contents for cell in function.__closure__ or ()]
    for one in (*named, *closed_over):
        if callable(one) and str(getattr(one, "__module__", "") or "").startswith("analysis"):
            if not isinstance(one, type):
                yield from _sources(one, seen)
        elif callable(one) and one in closed_over:
            yield from _sources(one, seen)


def _names(code: CodeType) -> set[str]:
    """Return what the code names, comprehensions and inner functions with it: before Python 3.12 those stand apart."""
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    return set(code.co_names).union(*map(_names, inner))
