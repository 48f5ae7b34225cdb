"""The one parser of what people type: `rsi(21)`, `ema(rsi(14), 9)`, `rsi(14) < 30 and close > sma(200)`.

The grammar is this file's own, so nothing typed is ever run:

    condition  = and-terms joined by `or`; not-terms joined by `and`; `not` before a comparison
    comparison = sum (< <= > >= == !=) sum …            a < b < c means a < b and b < c; a chain goes one way
    sum        = product (+ -) product …                product = unary (* / %) unary …
    unary      = - unary | postfix                      postfix = primary `.output`, `[bars ago]` or `@timeframe` …
    primary    = number | name | series | entry | entry(…) | group of patterns | function(…) | ( condition )
"""

import re
from collections.abc import Callable
from math import isfinite
from typing import Any

from analysis.catalog.entry import Entry
from analysis.errors import Fault, PlanError
from analysis.language import words
from analysis.language.binding import build, build_events, event_value
from analysis.language.call import Call, OutputRef, Series
from analysis.language.grammar import COMPARISONS, FUNCTIONS, HANDED, OPERATORS, SERIES
from analysis.language.handed import HandedCall
from analysis.language.kinds import as_condition, numeric
from analysis.language.lexer import WORDS, Cursor, UnreadableText
from analysis.language.nodes import HigherTimeframe, Node, Number, handed, has_series, is_pattern, timeframes
from analysis.language.reader import MOST_DEPTH, NOTHING, Reader
from analysis.language.words import Names
from analysis.language.writing import MOST_CHARACTERS, shown
from analysis.timeframe import KNOWN

ALIAS = re.compile(r"^\s*([A-Za-z_]\w{0,59})\s*=(?!=)\s*(.+)$", re.DOTALL | re.ASCII)
WAYS = {"<": 1, "<=": 1, ">": -1, ">=": -1, "==": 0}


def split_alias(text: str) -> tuple[str | None, str]:
    """Return the alias before a single `=`, or None, and the rest."""
    match = ALIAS.match(text)
    return (match[1], match[2]) if match else (None, text)


def parse(text: str, pointer: str, names: Names | None = None) -> Node:
    """Return the tree that a text means; raise PlanError with every fault."""
    if len(text) > MOST_CHARACTERS:
        raise PlanError([Fault(pointer, "too_long", f"At most {MOST_CHARACTERS} characters.")])
    try:
        reader = _Grammar(Cursor(text), pointer, names or Names())
        node = reader.whole()
    except UnreadableText as unreadable:
        raise PlanError([Fault(pointer, "syntax", str(unreadable))]) from None
    if reader.faults:
        raise PlanError(reader.faults)
    return node


class _Grammar(Reader):
    """A method for each rule, which returns its node."""

    def whole(self) -> Node:
        """Return the tree of the whole text."""
        node = self._condition()
        if self.cursor.next.kind != "end":
            raise self.unexpected()
        if not self.faults and node is not NOTHING and not has_series(node):
            self.refuse("no_series", "There is no series in it.")
        return node

    def _chain(self, rule: Callable[[], Node], *signs: str) -> Node:
        node = rule()
        while sign := self.cursor.accept(*signs):
            if sign == "%" and not self._begins():
                raise UnreadableText("% is the remainder of a division: for 5% of a price write 0.05 * close.")
            node = self.operation(sign, (node, rule()))
        return node

    def _begins(self) -> bool:
        """Return whether something that has a value may begin with the token ahead."""
        token = self.cursor.next
        return self.cursor.is_sign("(", "-", "+") or (token.kind in ("number", "name") and token.text not in WORDS)

    def _condition(self) -> Node:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise UnreadableText(f"At most {MOST_DEPTH} levels.")
        node = self._chain(lambda: self._chain(self._negation, "and"), "or")
        self.depth -= 1
        return node

    def _negation(self) -> Node:
        times = 0
        while self.cursor.accept("not"):
            times += 1
        node = self._comparison()
        for _ in range(times):
            node = self.operation("not", (node,))
        return node

    def _comparison(self) -> Node:
        left = self._sum()
        found: Node | None = None
        way: int | None = None
        while sign := self.cursor.accept(*COMPARISONS):
            right = self._sum()
            pair = self.operation(sign, (left, right))
            if found is not None and (way is None or WAYS.get(sign) != way):
                detail = "A chain goes one way, as in 30 < rsi < 70; write it as comparisons joined by and."
                found = self.refuse("mixed_chain", detail)
            else:
                found = pair if found is None else self.operation("and", (found, pair))
            left, way = right, WAYS.get(sign)
        return left if found is None else found

    def _sum(self) -> Node:
        return self._chain(lambda: self._chain(self._unary, "*", "/", "%"), "+", "-")

    def _unary(self) -> Node:
        signs = 0
        while sign := self.cursor.accept("-", "+"):
            signs += sign == "-"
        node = self._postfix()
        if signs % 2 == 0 or node is NOTHING:
            return node
        return Number(-node.value) if isinstance(node, Number) else self.operation("negative", (node,))

    def _postfix(self) -> Node:
        node = self._primary()
        while sign := self.cursor.accept("[", ".", "@"):
            node = self._ago(node) if sign == "[" else self._output(node) if sign == "." else self._higher(node)
        if self.cursor.is_sign("**"):
            raise UnreadableText("There are no powers.")
        return node

    def _ago(self, node: Node) -> Node:
        bars = self.bars()
        self.cursor.expect("]")
        return node if bars == 0 else self.operation("ago", (node,), bars)

    def _higher(self, node: Node) -> Node:
        timeframe = self.cursor.take().text + self.cursor.take().text
        if timeframe not in KNOWN:
            return self.refuse("unknown_timeframe", f"{timeframe[:20]!r} is not one of {', '.join(KNOWN)}.")
        if node is NOTHING:
            return node
        node = as_condition(node)
        if timeframes(node) or handed(node) or isinstance(node, Number):
            return self.refuse("not_a_series", f"{shown(node)} has no values on another timeframe.")
        return self.counted(HigherTimeframe(node, timeframe))

    def _output(self, node: Node) -> Node:
        if isinstance(node, HigherTimeframe):
            picked = self._output(node.node)
            return picked if picked is NOTHING else self.counted(HigherTimeframe(picked, node.timeframe))
        name = self.cursor.take().text
        if node is NOTHING:
            return node
        outputs = [output.name for output in node.spec.outputs] if isinstance(node, Call) else []
        if is_pattern(node) and name not in outputs:
            value = event_value(as_condition(node), name)
            return self.refuse("not_an_output", value) if isinstance(value, str) else self.counted(value)
        if isinstance(node, HandedCall):
            column = node.output(name)
            known = ", ".join(node.outputs)
            return column or self.refuse("not_an_output", f"{node.word} has no {name[:40]!r}; its outputs: {known}.")
        if not isinstance(node, Call):
            return self.refuse("not_an_output", f"{shown(node)} has no outputs.")
        if name not in outputs:
            detail = f"{node.entry} has no {name[:40]!r}; its outputs: {', '.join(outputs)}."
            return self.refuse("not_an_output", detail)
        # The only output of an indicator is the indicator; a pattern by itself means its events.
        return node if len(outputs) == 1 and node.spec.kind == "indicator" else self.counted(OutputRef(node, name))

    def _primary(self) -> Node:
        token = self.cursor.take()
        if token.kind == "number":
            value = float(token.text)
            return self.counted(Number(value)) if isfinite(value) else self.refuse("out_of_bounds", "Too large.")
        if token.kind == "sign" and token.text == "(":
            node = self._condition()
            self.cursor.expect(")")
            return node
        if token.kind != "name" or token.text in OPERATORS:
            raise UnreadableText(f"Expected a name or a number at character {token.at + 1}, not {token.text[:40]!r}.")
        has_arguments = self.cursor.accept("(") is not None
        return self._meant(token.text, token.text.lower(), has_arguments=has_arguments)

    def _meant(self, word: str, lower: str, *, has_arguments: bool) -> Node:
        if word in self.names.earlier and not has_arguments:
            return self._earlier(word)
        if lower in FUNCTIONS and has_arguments:
            return self._function(lower)
        if lower in SERIES and not has_arguments:
            return self.counted(Series(lower))
        if lower in HANDED and (word not in self.names.earlier or HANDED[lower].horizons):
            return self.handed(lower, *self._arguments(has_arguments=has_arguments))
        spec = words.entry_named(word)
        numbered = None if spec or has_arguments else words.with_number(word)
        if numbered is not None:
            spec, first = numbered
            return self._built(spec.name, [first], {}, [])
        if spec is None and word not in self.names.earlier and (group := words.pattern_group(word)):
            return self._events(lower, group, has_arguments=has_arguments)
        return self._call(spec, word, has_arguments=has_arguments)

    def _earlier(self, word: str) -> Node:
        node = self.names.earlier[word]
        if node is None:  # its own fault has been told
            return NOTHING
        self.names.used[node.means] = word
        return self.counted(node)

    def _function(self, name: str) -> Node:
        function = FUNCTIONS[name]
        parts: list[Node] = []
        for place, (called, _) in enumerate(function.takes):
            is_last = place == len(function.takes) - 1
            if is_last and function.default_number is not None and not self.cursor.is_sign(","):
                parts.append(self.counted(Number(function.default_number)))
                continue
            if place:
                self.cursor.expect(",")
            self.named(called)
            parts.append(self._condition())
        bars = function.default_bars
        if function.takes_bars and (bars is None or self.cursor.is_sign(",")):
            self.cursor.expect(",")
            self.named("n")
            bars = self.bars()
        while function.repeats and self.cursor.accept(","):
            parts[:2] = [self.operation(name, parts), self._condition()]
        self.cursor.expect(")")
        if bars is not None and bars < function.least_bars:
            return self.refuse("out_of_bounds", f"{name} looks at one bar or more.")
        return self.operation(name, parts, bars)

    def _events(self, word: str, group: list[Entry], *, has_arguments: bool) -> Node:
        named: dict[str, Any] = {}
        more = has_arguments and not self.cursor.accept(")")
        while more:
            keyword = self.keyword()
            if keyword is None or keyword in named:
                raise self.unexpected()
            named[keyword] = self.constant()
            more = self.more()
        made, faults = build_events(word, group, named, self.pointer)
        self.faults += faults
        return NOTHING if made is None else self.counted(made)

    def _arguments(self, *, has_arguments: bool) -> tuple[list[Node], list[Any], dict[str, Any]]:
        """Return the sources, the parameters by position and those by name, and stand behind the parenthesis."""
        sources: list[Node] = []
        positional: list[Any] = []
        named: dict[str, Any] = {}
        more = has_arguments and not self.cursor.accept(")")
        while more:
            keyword = self.keyword()
            if keyword == "source" or (keyword is None and not self.is_constant()):
                sources.append(self._source())
            elif keyword is None:
                positional.append(self.constant())
            else:
                if keyword in named:
                    self.refuse("given_twice", f"{keyword} is given twice.")
                named[keyword] = self.constant()
            more = self.more()
        return sources, positional, named

    def _call(self, spec: Entry | None, word: str, *, has_arguments: bool) -> Node:
        sources, positional, named = self._arguments(has_arguments=has_arguments)
        if spec is None:
            if word in self.names.earlier:
                return self.refuse("unknown_name", f"{word!r} is a name of this request and takes no arguments.")
            return self.refuse("unknown_name", words.unknown(word, self.names))
        if len(sources) > 1:
            self.refuse("given_twice", f"{spec.name} works on one series.")
        return self._built(spec.name, positional, named, sources)

    def _built(self, name: str, positional: list[Any], named: dict[str, Any], sources: list[Node]) -> Node:
        made, faults = build(name, positional, named, sources[0] if sources else None, self.pointer)
        self.faults += faults
        return NOTHING if made is None or any(one is NOTHING for one in sources) else self.counted(made)

    def _source(self) -> Node:
        node = self._condition()
        wrong = None if node is NOTHING else numeric(node)
        return node if wrong is None else self.refuse("wrong_type", wrong)
