"""The catalogue's index: entries register beside their function and are found by name, alias or group."""

import inspect
from collections.abc import Callable, Iterable, Sequence

from analysis.catalog.entry import UNITS, Compute, Detect, Entry, History, Output, Running, Warmup
from analysis.catalog.params import Param
from analysis.fault_limits import similar

ENTRIES: dict[str, Entry] = {}
ALIASES: dict[str, str] = {}
CATEGORIES = (
    *("trend", "momentum", "volatility", "volume", "cycle", "levels", "statistics", "charts", "signals"),
    *("candlesticks", "chart_patterns", "harmonic", "divergence", "elliott", "wyckoff"),
)
EVERY = ("all", "patterns")  # groups of more than one category
INPUTS = {
    *("open", "high", "low", "close", "volume", "volume_if_any", "session", "day", "bars_a_year", "source"),
    "benchmark",
}


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
    undefined_when: str = "",
    default_source: str = "close",
    ascending: Sequence[str] = (),
    cost_us: float = 10.0,
    detect: Detect | None = None,
    forming: Detect | None = None,
    notes: str = "",
    accumulates: Running | None = None,
    warmup_is_minimum: bool = False,
    depends_on_price_digits: bool = False,
    needs_positive_prices: bool = False,
    deprecated: str = "",
) -> Callable[[Compute], Compute]:
    """Register the decorated function: its positional-only arguments are input columns, its keywords parameters.

    Raises ValueError for a name that is taken, a source that is missing, or an entry that contradicts its function.
    """

    def register(compute: Compute) -> Compute:
        made = Entry(
            name=name,
            title=title,
            category=category,
            inputs=_named(compute, inspect.Parameter.POSITIONAL_ONLY),
            outputs=tuple(outputs),
            params=tuple(params),
            warmup=warmup,
            history=history,
            source=source,
            compute=compute,
            aliases=tuple(aliases),
            converged_after=converged_after,
            undefined_when=undefined_when,
            default_source=default_source,
            ascending=tuple(ascending),
            cost_us=cost_us,
            detect=detect,
            forming=forming,
            notes=notes,
            accumulates=accumulates,
            warmup_is_minimum=warmup_is_minimum,
            depends_on_price_digits=depends_on_price_digits,
            needs_positive_prices=needs_positive_prices,
            deprecated=deprecated,
        )
        add(made)
        return compute

    return register


def add(made: Entry) -> None:
    """Put an entry into the catalogue; raise ValueError for whatever is wrong with it."""
    keywords = _named(made.compute, inspect.Parameter.KEYWORD_ONLY)
    declared = tuple(param.name for param in made.params)
    wrong = {
        f"the function takes {keywords}, the entry declares {declared}": bool(made.outputs) and keywords != declared,
        "no source": not made.source,
        "an unknown category": made.category not in CATEGORIES,
        "an unknown unit": any(output.unit not in UNITS for output in made.outputs),
        "unknown inputs": not INPUTS.issuperset(made.inputs),
        "converging without converged_after": (made.history == "converging") != (made.converged_after is not None),
        "a default out of bounds": any(param.fault(param.default) for param in made.params),
    }
    words = (made.name, *made.aliases)
    wrong |= {f"the name {word!r} is taken": word in ENTRIES or word in ALIASES for word in words}
    wrong |= {f"the alias {word!r} is a group": word in (*CATEGORIES, *EVERY) for word in made.aliases}
    reasons = [reason for reason, is_so in wrong.items() if is_so]
    if reasons:
        raise ValueError(f"{made.name}: {'; '.join(reasons)}.")
    ENTRIES[made.name] = made
    ALIASES.update(dict.fromkeys(made.aliases, made.name))


def get(name: str) -> Entry:
    """Return the entry of a name or an alias; raise KeyError if there is none."""
    return ENTRIES[ALIASES.get(name, name)]


def members(group: str) -> list[Entry]:
    """Return the entries of a group: a category, `patterns`, or `all`; an empty list for anything else."""
    if group in EVERY:
        return [one for one in ENTRIES.values() if group == "all" or one.kind == "pattern"]
    return [one for one in ENTRIES.values() if one.category == group] if group in CATEGORIES else []


def nearest(name: str, count: int = 3, also: Iterable[str] = ()) -> list[str]:
    """Return the known names, `also` among them, most like this one; none once few_suggestions() has been used up."""
    return similar(name.lower(), [*ENTRIES, *ALIASES, *CATEGORIES, *EVERY, *also], count, cutoff=0.5)


def catalog() -> list[Entry]:
    """Return every entry, by category and then by name."""
    order = {category: place for place, category in enumerate(CATEGORIES)}
    return sorted(ENTRIES.values(), key=lambda one: (order[one.category], one.name))


def _named(compute: Compute, kind: object) -> tuple[str, ...]:
    return tuple(one.name for one in inspect.signature(compute).parameters.values() if one.kind is kind)
