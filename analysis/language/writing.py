"""Trees as text: the canonical form, which parses to an equal tree."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from analysis.language.grammar import OPERATORS

MOST_CHARACTERS = 4_000


class Writable(Protocol):
    """What has a text: a part of an expression."""

    @property
    def means(self) -> str:
        """Return what it means."""

    @property
    def binds(self) -> int:
        """Return how strongly it binds."""

    def put(self, of: Callable[[Any], str]) -> str:
        """Return its text, its parts' by `of`."""


class TooLong(ValueError):
    """A text of more characters than may be typed."""


def written(node: Writable, names: Mapping[str, str] | None = None) -> str:
    """Return the canonical text of a tree; what `names` has a name for, by its meaning, is written as that name.

    Every part is written once, however often it is used. Raises TooLong where the text would be.
    """
    given, done = names or {}, dict[str, str]()

    def of(one: Writable) -> str:
        if (name := given.get(one.means)) is not None:
            return name
        text = done.get(one.means)
        if text is None:
            text = done[one.means] = one.put(of)
            if len(text) > MOST_CHARACTERS:
                raise TooLong(f"At most {MOST_CHARACTERS} characters in canonical form.")
        return text

    return of(node)


def shown(node: Writable) -> str:
    """Return the text of a tree for a message: no longer than a line."""
    try:
        text = written(node)
    except TooLong:
        return "What is written there"
    return text if len(text) <= 80 else f"{text[:79]}…"


def bound(node: Writable, least: int, of: Callable[[Writable], str]) -> str:
    """Return a part's text, in parentheses where it binds less strongly than `least`."""
    text = of(node)
    is_name = text.isidentifier()
    loose = node.binds < least or (text.startswith("-") and least > OPERATORS["negative"].binds)
    return f"({text})" if loose and not is_name else text
