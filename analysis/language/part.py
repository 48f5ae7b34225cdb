"""What every part of an expression has: what it means, how deep it is, and its text.

A part that is used twice is one object, so a tree of few parts may have a very long way through it: nothing goes down
a tree by calling itself but what is kept, or goes through every part once.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import field
from hashlib import blake2b
from typing import Any

from analysis.catalog.params import Value
from analysis.language.grammar import ATOM
from analysis.language.writing import written

Put = Callable[[Any], str]
MOST_MEANING = 200  # characters of what a part means that are kept as they are; of more a digest is


class Part:
    """A part of an expression. `means` is equal for parts that mean the same, `depth` the levels below and with it."""

    __slots__ = ()
    means: str
    depth: int

    @property
    def parts(self) -> "tuple[Part, ...]":
        """Return what it is made of."""
        return ()

    @property
    def binds(self) -> int:
        """Return how strongly it binds: a part that binds less stands in parentheses."""
        return ATOM

    def __eq__(self, other: object) -> bool:
        """Return whether both mean the same."""
        return isinstance(other, Part) and self.means == other.means

    def __hash__(self) -> int:
        """Return the hash of what it means."""
        return hash(self.means)

    def put(self, of: Put) -> str:
        """Return the text, that of the parts by `of`."""
        return self.means

    @property
    def text(self) -> str:
        """Return the canonical text; raise TooLong where nobody could type it."""
        return written(self)

    def _keep(self, means: str, parts: "tuple[Part, ...]" = ()) -> None:
        """Work out once what every look at a part asks for."""
        if len(means) > MOST_MEANING:
            means = f"#{blake2b(means.encode(), digest_size=16).hexdigest()}"
        object.__setattr__(self, "means", sys.intern(means))
        object.__setattr__(self, "depth", 1 + max([part.depth for part in parts], default=0))


def kept() -> Any:
    """Return a field that a part works out of its others."""
    return field(init=False, repr=False)


def each_once(node: Part) -> Iterator[Part]:
    """Yield everything that the node is made of, each part once and before what is made of it, the node last."""
    seen: set[str] = set()
    ahead = [(node, False)]
    while ahead:
        part, is_done = ahead.pop()
        if is_done:
            yield part
        elif part.means not in seen:
            seen.add(part.means)
            ahead.append((part, True))
            ahead += [(one, False) for one in reversed(part.parts)]


def plain(value: Value) -> str:
    """Return a parameter as it is typed: 2.0 as 2, anything else so that it reads back exactly."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
