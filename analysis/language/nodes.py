"""What an expression is made of: a small tree of values that compare by what they mean and print as canonical text."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from analysis.catalog import registry
from analysis.catalog.entry import Entry
from analysis.catalog.params import Value
from analysis.price_series import ALWAYS_KNOWN

SERIES = ("open", "high", "low", "close", "volume", "hl2", "hlc3", "ohlc4")


class Operator(NamedTuple):
    """How an operation reads: its binding strength, whether it takes and whether it answers conditions."""

    binds: int
    takes_conditions: bool = False
    is_condition: bool = False


OPERATORS = {
    "or": Operator(1, takes_conditions=True, is_condition=True),
    "and": Operator(2, takes_conditions=True, is_condition=True),
    "not": Operator(3, takes_conditions=True, is_condition=True),
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), Operator(4, is_condition=True)),
    "+": Operator(5),
    "-": Operator(5),
    "*": Operator(6),
    "/": Operator(6),
    "negative": Operator(7),
    "ago": Operator(8),
}
ATOM = 9


class Function(NamedTuple):
    """A word of the grammar that is called: how many series and whether a number of bars (with a default) follows."""

    series: int
    takes_bars: bool
    default_bars: int | None = None
    takes_conditions: bool = False
    is_condition: bool = False


FUNCTIONS = {
    "crossed_above": Function(2, takes_bars=False, is_condition=True),
    "crossed_below": Function(2, takes_bars=False, is_condition=True),
    "highest": Function(1, takes_bars=True),
    "lowest": Function(1, takes_bars=True),
    "change": Function(1, takes_bars=True, default_bars=1),
    "within": Function(1, takes_bars=True, takes_conditions=True, is_condition=True),
    "count": Function(1, takes_bars=True, takes_conditions=True),
    "bars_since": Function(1, takes_bars=False, takes_conditions=True),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float

    @property
    def text(self) -> str:
        """Return the number as it is typed."""
        return plain(self.value)


@dataclass(frozen=True, slots=True)
class Series:
    """A column of the bars, or a price made of them."""

    name: str

    @property
    def text(self) -> str:
        """Return the name."""
        return self.name


@dataclass(frozen=True, slots=True)
class Call:
    """An entry with every parameter decided and, where it takes one, the series it works on."""

    entry: str
    values: tuple[tuple[str, Value], ...]
    source: "Node | None" = None
    # Asked for on every run, so worked out once.
    spec: Entry = field(init=False, repr=False, compare=False)
    warmup: int = field(init=False, repr=False, compare=False)
    converged_after: int = field(init=False, repr=False, compare=False)
    columns: tuple[str, ...] | None = field(init=False, repr=False, compare=False)
    takes_volume: bool = field(init=False, repr=False, compare=False)
    arguments: dict[str, Value] = field(init=False, repr=False, compare=False)
    remembers_its_start: bool = field(init=False, repr=False, compare=False)
    compute: Callable[..., Any] = field(init=False, repr=False, compare=False)
    take: Callable[[Mapping[str, Any]], tuple[Any, ...]] = field(init=False, repr=False, compare=False)
    # Equal for equal calls; Python finds a text quicker than what has a hash of its own.
    means: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look up the entry and what it says of these parameters."""
        spec, values = registry.ENTRIES[self.entry], dict(self.values)
        object.__setattr__(self, "spec", spec)
        object.__setattr__(self, "warmup", spec.warmup(values))
        object.__setattr__(self, "converged_after", spec.converged_after(values) if spec.converged_after else 0)
        object.__setattr__(self, "columns", self._only_columns())
        object.__setattr__(self, "takes_volume", "volume" in (self.columns or ()))
        object.__setattr__(self, "arguments", values)
        object.__setattr__(self, "remembers_its_start", spec.remembers_its_start)
        object.__setattr__(self, "compute", partial(spec.compute, **values) if values else spec.compute)
        names = self.columns or ()
        object.__setattr__(self, "take", itemgetter(*names) if len(names) > 1 else _taker(names))
        object.__setattr__(self, "means", sys.intern(repr((self.entry, self.values, self.source))))

    def __hash__(self) -> int:
        """Return the hash of what it means."""
        return hash((self.entry, self.values, self.source))

    def _only_columns(self) -> tuple[str, ...] | None:
        """Return the columns of the bars that it works on, if that is all that it does."""
        own = self.source.name if isinstance(self.source, Series) else ""
        names = tuple(own if name == "source" else name for name in self.spec.inputs)
        return names if set(names) <= {*ALWAYS_KNOWN, "volume"} else None

    @property
    def text(self) -> str:
        """Return the canonical text: only what is not the default, in the declared order."""
        spec = self.spec
        parts = [] if self.source is None or self.source == Series(spec.default_source) else [self.source.text]
        defaults = spec.defaults()
        # A bare name that is also a group's would mean the group.
        everything = self.entry in registry.CATEGORIES
        parts += [f"{name}={plain(value)}" for name, value in self.values if everything or value != defaults[name]]
        return f"{self.entry}({', '.join(parts)})" if parts else self.entry


def _taker(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """Return what takes one column, or none, as `itemgetter` takes several."""
    return lambda columns: tuple([columns[name] for name in names])


@dataclass(frozen=True, slots=True)
class OutputRef:
    """One output of an entry that has several."""

    call: Call
    output: str

    @property
    def text(self) -> str:
        """Return call.output."""
        return f"{self.call.text}.{self.output}"


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or a function of the grammar on its parts; `bars` is its offset or its window."""

    name: str
    parts: tuple["Node", ...]
    bars: int | None = None

    @property
    def binds(self) -> int:
        """Return how strongly it binds: a part that binds less stands in parentheses."""
        return OPERATORS[self.name].binds if self.name in OPERATORS else ATOM

    @property
    def is_condition(self) -> bool:
        """Return whether its values are true, false or unknown."""
        if self.name == "ago":
            return is_condition(self.parts[0])
        return (OPERATORS.get(self.name) or FUNCTIONS[self.name]).is_condition

    @property
    def text(self) -> str:
        """Return the canonical text, parsing to an equal tree."""
        if self.name in FUNCTIONS:
            arguments = [part.text for part in self.parts] + ([] if self.bars is None else [str(self.bars)])
            return f"{self.name}({', '.join(arguments)})"
        if self.name == "ago":
            return f"{_bound(self.parts[0], self.binds)}[{self.bars}]"
        if self.name in ("not", "negative"):
            return ("not " if self.name == "not" else "-") + _bound(self.parts[0], self.binds)
        # The left operand may bind as strongly as the operator; the right one, and those of a comparison, more.
        chains = self.binds != OPERATORS["<"].binds
        first = _bound(self.parts[0], self.binds if chains else self.binds + 1)
        return f" {self.name} ".join([first, *(_bound(part, self.binds + 1) for part in self.parts[1:])])


@dataclass(frozen=True, slots=True)
class HigherTimeframe:
    """A node computed on the bars of a higher timeframe, known on a bar when the higher bar is over."""

    node: "Node"
    timeframe: str

    @property
    def text(self) -> str:
        """Return node@timeframe."""
        return f"{_bound(self.node, OPERATORS['ago'].binds)}@{self.timeframe}"


Node = Number | Series | Call | OutputRef | Operation | HigherTimeframe


def is_condition(node: Node) -> bool:
    """Return whether the node's values are true, false or unknown rather than numbers."""
    if isinstance(node, HigherTimeframe):
        return is_condition(node.node)
    return isinstance(node, Operation) and node.is_condition


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and everything that it is made of."""
    yield node
    parts: tuple[Node, ...] = ()
    if isinstance(node, OutputRef):
        parts = (node.call,)
    elif isinstance(node, Operation):
        parts = node.parts
    elif isinstance(node, HigherTimeframe):
        parts = (node.node,)
    elif isinstance(node, Call) and node.source is not None:
        parts = (node.source,)
    for part in parts:
        yield from walk(part)


def leaves(node: Node) -> Iterator[Series | Call]:
    """Yield what the tree's values come from: series and entries that take none."""
    for part in walk(node):
        if isinstance(part, Series) or (isinstance(part, Call) and part.source is None):
            yield part


def timeframes(node: Node) -> set[str]:
    """Return the higher timeframes that are asked for somewhere in the tree."""
    return {part.timeframe for part in walk(node) if isinstance(part, HigherTimeframe)}


def is_pattern(node: Node) -> bool:
    """Return whether the node answers events rather than a column."""
    return isinstance(node, Call) and node.spec.kind == "pattern"


def plain(value: Value) -> str:
    """Return a parameter as it is typed: 2.0 as 2, anything else so that it reads back exactly."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _bound(node: Node, least: int) -> str:
    binds = node.binds if isinstance(node, Operation) else ATOM
    negative = isinstance(node, Number) and node.value < 0
    return f"({node.text})" if binds < least or (negative and least > OPERATORS["negative"].binds) else node.text
