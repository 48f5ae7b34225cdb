"""What a word means: a name of the request, a series, an entry, a group; however people write them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from analysis.catalog import registry
from analysis.catalog.entry import Entry
from analysis.language.grammar import FUNCTIONS, HANDED, RESERVED, SERIES
from analysis.language.nodes import Node

WITH_NUMBER = re.compile(r"^([A-Za-z_]+?)_?(\d{1,4})$", re.ASCII)


@dataclass(slots=True)
class Names:
    """The names that a request gives: the earlier ones with what they mean (None: it could not be read), and all.

    `used` has, by meaning, the names that a text has used.
    """

    earlier: Mapping[str, Node | None] = field(default_factory=dict)
    given: Collection[str] = ()
    used: dict[str, str] = field(default_factory=dict)


def reserved(name: str) -> str | None:
    """Return what a name means already, so that no analysis may be called so, or None."""
    word = name.lower()
    if word in RESERVED:
        return "a series" if word in SERIES else "a word of the grammar"
    if word in registry.ENTRIES or word in registry.ALIASES:
        return "an entry of the catalogue" if word in registry.ENTRIES else f"an alias of {registry.ALIASES[word]}"
    return "a group of the catalogue" if word in (*registry.CATEGORIES, *registry.EVERY) else None


def entry_named(word: str) -> Entry | None:
    """Return the entry of a name or an alias, in small letters or not."""
    for name in (word, word.lower()):
        if name in registry.ENTRIES or name in registry.ALIASES:
            return registry.get(name)
    return None


def with_number(word: str) -> tuple[Entry, int] | None:
    """Return what `sma200` means: the entry and its first parameter, where that is a number."""
    match = WITH_NUMBER.match(word)
    found = entry_named(match[1]) if match else None
    if match is None or found is None or not found.params or found.params[0].kind == "choice":
        return None
    return found, int(match[2])


def pattern_group(word: str) -> list[Entry]:
    """Return the patterns of a group of patterns, else an empty list."""
    found = registry.members(word.lower())
    return found if all(one.kind == "pattern" for one in found) else []


def unknown(word: str, names: Names) -> str:
    """Return a sentence on a word that means nothing here."""
    if word in names.given:
        return f"{word!r} is named by this analysis or a later one; only names of earlier analyses can be used."
    if word.lower() in FUNCTIONS:
        taken = [name for name, _ in FUNCTIONS[word.lower()].takes] + ["n"] * FUNCTIONS[word.lower()].takes_bars
        return f"{word.lower()} is a function: {word.lower()}({', '.join(taken)})."
    if registry.members(word.lower()):
        return f"{word!r} is a group of indicators; in an expression name one of them."
    near = registry.nearest(word, also=(*FUNCTIONS, *SERIES, *HANDED, *names.earlier))
    return f"Unknown name {word!r}" + (f"; nearest: {', '.join(near)}." if near else ".")
