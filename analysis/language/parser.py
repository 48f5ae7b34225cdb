"""The one parser of what people type: `rsi(21)`, `ema(rsi(14), 9)`, `rsi(14) < 30 and close > sma(200)`.

The grammar is this file's own, so nothing typed is ever run:

    condition  = and-terms joined by `or`; not-terms joined by `and`; `not` before a comparison
    comparison = sum (< <= > >= == !=) sum …            a < b < c means a < b and b < c
    sum        = product (+ -) product …                product = unary (* /) unary …
    unary      = - unary | postfix                      postfix = primary `.output`, `[bars ago]` or `@timeframe` …
    primary    = number | series | entry | entry(…) | function(…) | ( condition )
"""

import re
from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

from analysis.errors import Fault, PlanError
from analysis.language import nodes
from analysis.language.binding import build, numeric
from analysis.language.lexer import Cursor, UnreadableText
from analysis.language.nodes import (
    FUNCTIONS,
    OPERATORS,
    Call,
    HigherTimeframe,
    Node,
    Number,
    Operation,
    OutputRef,
    Series,
    is_condition,
)
from analysis.timeframe import KNOWN

MOST_CHARACTERS = 4_000
MOST_NODES = 200
MOST_DEPTH = 40
MOST_BARS = 5_000
ALIAS = re.compile(r"^\s*([A-Za-z_]\w{0,59})\s*=(?!=)\s*(.+)$", re.DOTALL | re.ASCII)
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
NOTHING = Number(0.0)  # stands in for what could not be read, so that reading goes on to the next fault


def split_alias(text: str) -> tuple[str | None, str]:
    """Return the alias before a single `=`, or None, and the rest."""
    match = ALIAS.match(text)
    return (match[1], match[2]) if match else (None, text)


def parse(text: str, pointer: str) -> Node:
    """Return the tree that a text means; raise PlanError with every fault."""
    if len(text) > MOST_CHARACTERS:
        raise PlanError([Fault(pointer, "too_long", f"At most {MOST_CHARACTERS} characters.")])
    try:
        reader = _Reader(Cursor(text), pointer)
        node = reader.whole()
    except UnreadableText as unreadable:
        raise PlanError([Fault(pointer, "syntax", str(unreadable))]) from None
    if reader.faults:
        raise PlanError(reader.faults)
    return node


class _Reader:
    """Reads tokens from left to right; each method returns the node of its rule and stands behind it."""

    def __init__(self, cursor: Cursor, pointer: str) -> None:
        self._cursor = cursor
        self._pointer = pointer
        self._depth = 0
        self._nodes = 0
        self.faults: list[Fault] = []

    def whole(self) -> Node:
        """Return the tree of the whole text."""
        node = self._condition()
        if self._cursor.next.kind != "end":
            raise UnreadableText(f"Did not expect {self._cursor.next.text!r} at character {self._cursor.next.at + 1}.")
        if not self.faults and not any(True for _ in nodes.leaves(node)):
            self._refuse("no_series", "There is no series in it.")
        return node

    def _refuse(self, code: str, detail: str) -> Node:
        self.faults.append(Fault(self._pointer, code, detail))
        return NOTHING

    def _counted(self, node: Node) -> Node:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise UnreadableText(f"At most {MOST_NODES} parts.")
        return node

    def _operation(self, name: str, parts: Sequence[Node], bars: int | None = None) -> Node:
        wants_conditions = (OPERATORS.get(name) or FUNCTIONS[name]).takes_conditions
        for part in parts:
            if part is NOTHING:
                continue
            if name == "ago" and is_condition(part):
                continue
            if wants_conditions and not is_condition(part):
                return self._refuse("wrong_type", f"{name} takes conditions; {part.text} is a number.")
            wrong = None if wants_conditions else numeric(part)
            if wrong is not None:
                return self._refuse("wrong_type", wrong)
        return self._counted(Operation(name, tuple(parts), bars))

    def _chain(self, rule: Callable[[], Node], *signs: str) -> Node:
        node = rule()
        while sign := self._cursor.accept(*signs):
            node = self._operation(sign, (node, rule()))
        return node

    def _condition(self) -> Node:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise UnreadableText(f"At most {MOST_DEPTH} levels.")
        node = self._chain(lambda: self._chain(self._negation, "and"), "or")
        self._depth -= 1
        return node

    def _negation(self) -> Node:
        times = 0
        while self._cursor.accept("not"):
            times += 1
        node = self._comparison()
        for _ in range(times):
            node = self._operation("not", (node,))
        return node

    def _comparison(self) -> Node:
        left = self._sum()
        found: Node | None = None
        while sign := self._cursor.accept(*COMPARISONS):
            right = self._sum()
            pair = self._operation(sign, (left, right))
            found = pair if found is None else self._operation("and", (found, pair))
            left = right
        return left if found is None else found

    def _sum(self) -> Node:
        return self._chain(lambda: self._chain(self._unary, "*", "/"), "+", "-")

    def _unary(self) -> Node:
        signs = 0
        while sign := self._cursor.accept("-", "+"):
            signs += sign == "-"
        node = self._postfix()
        if signs % 2 == 0:
            return node
        return Number(-node.value) if isinstance(node, Number) else self._operation("negative", (node,))

    def _postfix(self) -> Node:
        node = self._primary()
        while sign := self._cursor.accept("[", ".", "@"):
            node = self._ago(node) if sign == "[" else self._output(node) if sign == "." else self._higher(node)
        if self._cursor.is_sign("**"):
            raise UnreadableText("There are no powers.")
        return node

    def _ago(self, node: Node) -> Node:
        bars = self._bars()
        self._cursor.expect("]")
        if bars == 0:
            return node
        return self._operation("ago", (node,), bars)

    def _higher(self, node: Node) -> Node:
        timeframe = self._cursor.take().text + self._cursor.take().text
        if timeframe not in KNOWN:
            return self._refuse("unknown_timeframe", f"{timeframe[:20]!r} is not one of {', '.join(KNOWN)}.")
        if node is NOTHING:
            return node
        if nodes.timeframes(node) or isinstance(node, Number) or nodes.is_pattern(node):
            return self._refuse("not_a_series", f"{node.text} has no values on another timeframe.")
        return self._counted(HigherTimeframe(node, timeframe))

    def _output(self, node: Node) -> Node:
        if isinstance(node, HigherTimeframe):
            picked = self._output(node.node)
            return picked if picked is NOTHING else HigherTimeframe(picked, node.timeframe)
        name = self._cursor.take().text
        if node is NOTHING:
            return node
        if not isinstance(node, Call):
            return self._refuse("not_an_output", f"{node.text} has no outputs.")
        outputs = [output.name for output in node.spec.outputs]
        if name not in outputs:
            return self._refuse("not_an_output", f"{node.entry} has no {name!r}; its outputs: {', '.join(outputs)}.")
        # The only output of an indicator is the indicator; a pattern by itself means its events.
        return node if len(outputs) == 1 and node.spec.kind == "indicator" else self._counted(OutputRef(node, name))

    def _bars(self) -> int:
        token = self._cursor.take()
        if token.kind != "number" or not token.text.isdigit() or int(token.text[:9]) > MOST_BARS:
            raise UnreadableText(f"Expected a number of bars from 0 to {MOST_BARS}, not {token.text[:20]!r}.")
        return int(token.text)

    def _primary(self) -> Node:
        token = self._cursor.take()
        if token.kind == "number":
            value = float(token.text)
            return self._counted(Number(value)) if isfinite(value) else self._refuse("out_of_bounds", "Too large.")
        if token.kind == "sign" and token.text == "(":
            node = self._condition()
            self._cursor.expect(")")
            return node
        if token.kind != "name" or token.text in OPERATORS:
            raise UnreadableText(f"Expected a name or a number at character {token.at + 1}, not {token.text!r}.")
        has_arguments = self._cursor.accept("(") is not None
        if token.text in FUNCTIONS and has_arguments:
            return self._function(token.text)
        if token.text in nodes.SERIES and not has_arguments:
            return self._counted(Series(token.text))
        return self._call(token.text, has_arguments)

    def _function(self, name: str) -> Node:
        function = FUNCTIONS[name]
        parts = [self._condition()]
        bars = function.default_bars
        while len(parts) < function.series:
            self._cursor.expect(",")
            parts.append(self._condition())
        if function.takes_bars and (bars is None or self._cursor.is_sign(",")):
            self._cursor.expect(",")
            bars = self._bars()
        self._cursor.expect(")")
        if bars == 0:
            return self._refuse("out_of_bounds", f"{name} looks at one bar or more.")
        return self._operation(name, parts, bars)

    def _call(self, name: str, has_arguments: bool) -> Node:
        sources: list[Node] = []
        positional: list[Any] = []
        named: dict[str, Any] = {}
        more = has_arguments and not self._cursor.accept(")")
        while more:
            keyword = self._keyword()
            if keyword == "source" or (keyword is None and not self._is_constant()):
                sources.append(self._source())
            elif keyword is None:
                positional.append(self._constant())
            else:
                if keyword in named:
                    self._refuse("given_twice", f"{keyword} is given twice.")
                named[keyword] = self._constant()
            more = self._cursor.accept(",") is not None
            if not more:
                self._cursor.expect(")")
        if len(sources) > 1:
            self._refuse("given_twice", f"{name} works on one series.")
        call, faults = build(name, positional, named, sources[0] if sources else None, self._pointer)
        self.faults += faults
        return NOTHING if call is None else self._counted(call)

    def _keyword(self) -> str | None:
        if self._cursor.next.kind != "name" or not self._cursor.is_sign("=", ahead=1):
            return None
        name = self._cursor.take().text
        self._cursor.take()
        return name

    def _source(self) -> Node:
        node = self._condition()
        wrong = None if node is NOTHING else numeric(node)
        return node if wrong is None else self._refuse("wrong_type", wrong)

    def _is_constant(self) -> bool:
        """Return whether the next argument is a number or a quoted word and nothing more."""
        signed = self._cursor.is_sign("-", "+")
        return self._cursor.ahead(signed).kind in ("number", "word") and self._cursor.is_sign(
            ",", ")", ahead=signed + 1
        )

    def _constant(self) -> int | float | str:
        sign = -1 if self._cursor.accept("-", "+") == "-" else 1
        token = self._cursor.take()
        if token.kind == "number":
            return sign * (int(token.text[:30]) if token.text.isdigit() else float(token.text))
        if token.kind in ("name", "word"):
            return token.text
        raise UnreadableText(f"Expected a number or a word at character {token.at + 1}, not {token.text!r}.")
