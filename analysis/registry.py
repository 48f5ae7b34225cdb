"""The catalogue's index: entries register beside their function and are found by name, alias or group."""

import difflib
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from analysis.params import Param
from analysis.spec import Compute, Entry, History, Output, Warmup

ENTRIES: dict[str, Entry] = {}
ALIASES: dict[str, str] = {}
CATEGORIES = ("trend", "momentum", "volatility", "volume", "cycle", "levels", "statistics", "candlesticks")


def entry(
    name: str,
    *,
    title: str,
    category: str,
    outputs: Sequence[Output],
    warmup: Warmup,
    history: History,
    source: str,
    params: Sequence[Param] = (),
    aliases: Sequence[str] = (),
    converged_after: Warmup | None = None,
    **also: Any,
) -> Callable[[Compute], Compute]:
    """Register the decorated function: its positional-only arguments are input columns, its keywords parameters.

    Raises ValueError for a name that is taken, a source that is missing, or keywords that are not the parameters.
    """

    def register(compute: Compute) -> Compute:
        signature = inspect.signature(compute).parameters.values()
        inputs = tuple(p.name for p in signature if p.kind is p.POSITIONAL_ONLY)
        keywords = [p.name for p in signature if p.kind is p.KEYWORD_ONLY]
        if keywords != [param.name for param in params]:
            raise ValueError(f"{name}: the function takes {keywords}, the entry declares something else.")
        if not source or category not in CATEGORIES:
            raise ValueError(f"{name}: needs a source and a known category.")
        made = Entry(
            name=name,
            title=title,
            category=category,
            inputs=inputs,
            outputs=tuple(outputs),
            params=tuple(params),
            warmup=warmup,
            history=history,
            source=source,
            compute=compute,
            aliases=tuple(aliases),
            converged_after=converged_after,
            **also,
        )
        for word in (name, *aliases):
            if word in ENTRIES or word in ALIASES or (word in CATEGORIES and word != name):
                raise ValueError(f"{name}: the name {word!r} is taken.")
        ENTRIES[name] = made
        ALIASES.update(dict.fromkeys(aliases, name))
        return compute

    return register


def get(name: str) -> Entry:
    """Return the entry of a name or an alias; raise KeyError if there is none."""
    return ENTRIES[ALIASES.get(name, name)]


def members(group: str) -> list[Entry]:
    """Return the entries of a group: a category, or `all`; an empty list for anything else."""
    if group == "all":
        return list(ENTRIES.values())
    return [one for one in ENTRIES.values() if one.category == group]


def nearest(name: str, count: int = 3) -> list[str]:
    """Return the known names most like this one, best first."""
    return difflib.get_close_matches(name.lower(), [*ENTRIES, *ALIASES, *CATEGORIES, "all"], n=count, cutoff=0.5)
