"""What reading an expression stands on: faults, the count of its parts, and the arguments that are no expressions."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.errors import Fault
from analysis.language.handed import build_handed, only_outputs
from analysis.language.kinds import operation
from analysis.language.lexer import Cursor, UnreadableText
from analysis.language.nodes import Node, Number
from analysis.language.part import each_once
from analysis.language.words import Names

MOST_NODES = 200  # names put in, each part once
MOST_DEPTH = 40  # of parentheses in one another
MOST_LEVELS = 100  # of the tree, names put in
MOST_BARS = 5_000
NOTHING = Number(0.0)  # stands in for what could not be read, so that reading goes on to the next fault


class Reader:
    """Reads tokens from left to right; each method returns what it read and stands behind it."""

    def __init__(self, cursor: Cursor, pointer: str, names: Names) -> None:
        self.cursor = cursor
        self.pointer = pointer
        self.names = names
        self.depth = 0
        self.faults: list[Fault] = []
        self._parts: set[str] = set()

    def refuse(self, code: str, detail: str) -> Node:
        """Take note of a fault, and return what stands in for what it is about."""
        self.faults.append(Fault(self.pointer, code, detail))
        return NOTHING

    def counted(self, node: Node) -> Node:
        """Return the node, which belongs to the tree from now on; raise UnreadableText if it becomes too large."""
        if node.means not in self._parts:
            # Mostly its parts were counted when they were read; those of a name were not.
            is_new_only = all(part.means in self._parts for part in node.parts)
            self._parts.update((node.means,) if is_new_only else [part.means for part in each_once(node)])
        if len(self._parts) > MOST_NODES:
            raise UnreadableText(f"At most {MOST_NODES} parts.")
        if node.depth > MOST_LEVELS:
            raise UnreadableText(f"At most {MOST_LEVELS} operations on one another.")
        return node

    def operation(self, name: str, parts: Sequence[Node], bars: int | None = None) -> Node:
        """Return the operation on these parts, unless they are of the wrong kind."""
        if any(part is NOTHING for part in parts):
            return NOTHING
        made = operation(name, parts, bars)
        return self.refuse("wrong_type", made) if isinstance(made, str) else self.counted(made)

    def bars(self) -> int:
        """Return a number of bars."""
        token = self.cursor.take()
        if token.kind != "number" or not token.text.isdigit() or int(token.text[:9]) > MOST_BARS:
            raise UnreadableText(f"Expected a number of bars from 0 to {MOST_BARS}, not {token.text[:20]!r}.")
        return int(token.text)

    def keyword(self) -> str | None:
        """Return the name of `name=` if that is ahead."""
        if self.cursor.next.kind != "name" or not self.cursor.is_sign("=", ahead=1):
            return None
        name = self.cursor.take().text
        self.cursor.take()
        return name

    def named(self, expected: str) -> None:
        """Move behind `expected=` if a keyword is ahead; another is refused."""
        keyword = self.keyword()
        if keyword is not None and keyword != expected:
            self.refuse("unknown_parameter", f"Expected {expected}, not {keyword!r}.")

    def is_constant(self) -> bool:
        """Return whether the next argument is a number or a quoted word and nothing more."""
        signed = self.cursor.is_sign("-", "+")
        return self.cursor.ahead(signed).kind in ("number", "word") and self.cursor.is_sign(",", ")", ahead=signed + 1)

    def constant(self) -> int | float | str:
        """Return a number or a word."""
        sign = -1 if self.cursor.accept("-", "+") == "-" else 1
        token = self.cursor.take()
        if token.kind == "number":
            return sign * (int(token.text[:30]) if token.text.isdigit() else float(token.text))
        if token.kind in ("name", "word"):
            return token.text
        raise UnreadableText(f"Expected a number or a word at character {token.at + 1}, not {token.text!r}.")

    def more(self) -> bool:
        """Return whether another argument follows, else stand behind the parenthesis."""
        if self.cursor.accept(",") is not None:
            return True
        self.cursor.expect(")")
        return False

    def handed(self, word: str, sources: Sequence[Node], positional: Sequence[Any], named: Mapping[str, Any]) -> Node:
        """Return what a word of columns that are handed over means: all of them, or the one behind the dot."""
        made, faults = build_handed(word, positional, named, self.pointer, has_source=bool(sources))
        self.faults += faults
        if made is None:
            return NOTHING
        if made.horizon:
            return self.counted(made)
        column = made.output(self.cursor.take().text) if self.cursor.accept(".") else None
        return self.refuse("not_an_output", only_outputs(made)) if column is None else self.counted(column)

    def unexpected(self) -> UnreadableText:
        """Return what is wrong with the token ahead, and what to write instead where that is known."""
        token = self.cursor.next
        hint = " To compare write ==." if token.text == "=" else ""
        return UnreadableText(f"Did not expect {token.text[:40]!r} at character {token.at + 1}.{hint}")
