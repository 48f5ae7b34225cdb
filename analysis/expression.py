"""The one parser of what people type: `rsi`, `rsi(21)`, `macd(fast_period=12)`, `ema(rsi(14), 9)`, `mine = ema(50)`.

Python's own grammar does the reading; of its tree only names, calls and numbers are accepted, so nothing typed is ever
run.
"""

import ast
import re
from dataclasses import dataclass
from typing import Any

from analysis import params, registry
from analysis.errors import Fault, PlanError
from analysis.params import Value
from analysis.spec import Entry

COLUMNS = ("open", "high", "low", "close", "volume", "hl2", "hlc3", "ohlc4")
MOST_CHARACTERS = 1_000
MOST_NODES = 200
MOST_DEPTH = 8
ALIAS = re.compile(r"^\s*([A-Za-z_]\w{0,59})\s*=(?!=)\s*(.+)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Call:
    """An entry with every parameter decided and, where it takes one, the series it works on."""

    entry: str
    values: tuple[tuple[str, Value], ...]
    source: "str | Call | None" = None

    @property
    def spec(self) -> Entry:
        return registry.ENTRIES[self.entry]

    @property
    def text(self) -> str:
        """Return the canonical text: only what is not the default, in the declared order."""
        spec = self.spec
        parts = []
        if isinstance(self.source, Call):
            parts.append(self.source.text)
        elif self.source is not None and self.source != spec.default_source:
            parts.append(self.source)
        defaults = spec.defaults()
        # A bare name that is also a group's would mean the group.
        everything = self.entry in registry.CATEGORIES
        parts += [f"{name}={_plain(value)}" for name, value in self.values if everything or value != defaults[name]]
        return f"{self.entry}({', '.join(parts)})" if parts else self.entry


def split_alias(text: str) -> tuple[str | None, str]:
    """Return the alias before a single `=`, or None, and the rest."""
    match = ALIAS.match(text)
    return (match[1], match[2]) if match else (None, text)


def parse_call(text: str, pointer: str) -> Call:
    """Return the call that a text means; raise PlanError with every fault."""
    if len(text) > MOST_CHARACTERS:
        raise PlanError([Fault(pointer, "too_long", f"At most {MOST_CHARACTERS} characters.")])
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise PlanError([Fault(pointer, "syntax", f"Cannot read {text[:80]!r}.")]) from None
    if sum(1 for _ in ast.walk(tree)) > MOST_NODES:
        raise PlanError([Fault(pointer, "too_complex", f"At most {MOST_NODES} parts.")])
    return _call(tree, pointer, 0)


def build(name: str, positional: list[Any], named: dict[str, Any], source: "str | Call | None", pointer: str) -> Call:
    """Return the call of a name with these arguments; raise PlanError with every fault."""
    try:
        spec = registry.get(name)
    except KeyError:
        raise PlanError([Fault(pointer, "unknown_name", _unknown(name))]) from None
    faults: list[Fault] = []
    if source is None:
        source = spec.default_source if spec.takes_source else None
    elif not spec.takes_source:
        faults.append(
            Fault(pointer, "no_source", f"{spec.name} works on {', '.join(spec.inputs)} and takes no source.")
        )
    elif isinstance(source, str) and source not in COLUMNS:
        faults.append(Fault(pointer, "unknown_source", f"The source is one of {', '.join(COLUMNS)} or an indicator."))
    values, wrong = params.settle(spec.params, positional, named, pointer)
    faults += wrong
    if faults:
        raise PlanError(faults)
    return Call(spec.name, tuple(values.items()), source)


def _call(node: ast.expr, pointer: str, depth: int) -> Call:
    if depth > MOST_DEPTH:
        raise PlanError([Fault(pointer, "too_complex", f"At most {MOST_DEPTH} levels.")])
    if isinstance(node, ast.Name):
        return build(node.id, [], {}, None, pointer)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise PlanError([Fault(pointer, "syntax", "Expected a name such as rsi, or a call such as rsi(21).")])
    positional: list[Any] = []
    source: str | Call | None = None
    for place, argument in enumerate(node.args):
        number = _number(argument)
        if number is not None:
            positional.append(number)
        elif place == 0 and isinstance(argument, ast.Name) and argument.id in COLUMNS:
            source = argument.id
        elif place == 0 and isinstance(argument, ast.Name | ast.Call):
            source = _call(argument, pointer, depth + 1)
        elif isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            positional.append(argument.value)
        else:
            raise PlanError([Fault(pointer, "syntax", "An argument is a number, a word or, first, a series.")])
    named: dict[str, Any] = {}
    for keyword in node.keywords:
        value = keyword.value
        if keyword.arg is None or keyword.arg in named:
            raise PlanError([Fault(pointer, "syntax", "Every keyword is named, once.")])
        number = _number(value)
        if keyword.arg == "source" and isinstance(value, ast.Name) and value.id in COLUMNS:
            source = value.id
        elif keyword.arg == "source" and isinstance(value, ast.Name | ast.Call):
            source = _call(value, pointer, depth + 1)
        elif number is not None:
            named[keyword.arg] = number
        elif isinstance(value, ast.Name):
            named[keyword.arg] = value.id
        elif isinstance(value, ast.Constant):
            named[keyword.arg] = value.value
        else:
            raise PlanError([Fault(pointer, "syntax", f"{keyword.arg} is a number or a word.")])
    return build(node.func.id, positional, named, source, pointer)


def _number(node: ast.expr) -> int | float | None:
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node, sign = node.operand, -1
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return sign * node.value
    return None


def _unknown(name: str) -> str:
    near = registry.nearest(name)
    return f"Unknown name {name!r}" + (f"; nearest: {', '.join(near)}." if near else ".")


def _plain(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
