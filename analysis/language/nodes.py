"""What an expression is made of: values that compare by what they mean and print as canonical text."""

from dataclasses import dataclass

from analysis.language.call import Call, Series
from analysis.language.grammar import ATOM, FUNCTIONS, OPERATORS
from analysis.language.part import Part, Put, each_once, kept, plain
from analysis.language.writing import bound


@dataclass(frozen=True, slots=True, eq=False)
class Number(Part):
    """A constant."""

    value: float
    means: str = kept()
    depth: int = kept()

    def __post_init__(self) -> None:
        """Keep what it means; −0 is 0."""
        self._keep(repr(float(self.value) + 0.0))

    def put(self, of: Put) -> str:
        """Return the number as it is typed."""
        return plain(self.value)


@dataclass(frozen=True, slots=True, eq=False)
class Operation(Part):
    """An operator or a function of the grammar on its parts; `bars` is its offset or its window."""

    name: str
    parts: tuple[Part, ...]
    bars: int | None = None
    means: str = kept()
    depth: int = kept()
    is_condition: bool = kept()

    def __post_init__(self) -> None:
        """Keep what it means and whether its values are true, false or unknown."""
        self._keep(f"{self.name}({','.join([part.means for part in self.parts])};{self.bars})", self.parts)
        fixed = (OPERATORS.get(self.name) or FUNCTIONS[self.name]).is_condition
        of_part = self.name in ("ago", "if") and is_condition(self.parts[-1])
        object.__setattr__(self, "is_condition", fixed or of_part)

    @property
    def binds(self) -> int:
        """Return how strongly it binds: a part that binds less stands in parentheses."""
        return OPERATORS[self.name].binds if self.name in OPERATORS else ATOM

    def put(self, of: Put) -> str:
        """Return the canonical text, parsing to an equal tree."""
        if self.name in FUNCTIONS:
            arguments = [of(part) for part in self.parts] + ([] if self.bars is None else [str(self.bars)])
            return f"{self.name}({', '.join(arguments)})"
        first, *others = self.parts
        if self.name == "ago":
            return f"{bound(first, self.binds, of)}[{self.bars}]"
        if self.name in ("not", "negative"):
            return ("not " if self.name == "not" else "-") + bound(first, self.binds, of)
        # The left operand may bind as strongly as the operator; the right one, and those of a comparison, more.
        chains = self.binds != OPERATORS["<"].binds
        left = bound(first, self.binds if chains else self.binds + 1, of)
        return f" {self.name} ".join([left, *(bound(part, self.binds + 1, of) for part in others)])


@dataclass(frozen=True, slots=True, eq=False)
class HigherTimeframe(Part):
    """A node computed on the bars of a higher timeframe, known on a bar when the higher bar is over."""

    node: Part
    timeframe: str
    means: str = kept()
    depth: int = kept()
    parts: tuple[Part, ...] = kept()

    def __post_init__(self) -> None:
        """Keep what it means."""
        object.__setattr__(self, "parts", (self.node,))
        self._keep(f"{self.node.means}@{self.timeframe}", self.parts)

    def put(self, of: Put) -> str:
        """Return node@timeframe."""
        return f"{bound(self.node, OPERATORS['ago'].binds, of)}@{self.timeframe}"


@dataclass(frozen=True, slots=True, eq=False)
class Events(Part):
    """Whether an event of a pattern, or of any of a group's, is confirmed; of one side or with a score only."""

    calls: tuple[Call, ...]
    group: str = ""
    side: str = ""
    min_score: float = 0.0
    means: str = kept()
    depth: int = kept()

    def __post_init__(self) -> None:
        """Keep what it means."""
        calls = ",".join([call.means for call in self.calls])
        self._keep(f"events({calls};{self.side};{self.min_score!r})", self.calls)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the calls whose events they are."""
        return self.calls

    def put(self, of: Put) -> str:
        """Return the name with what is asked of an event."""
        more: tuple[str, ...] = (f"side={self.side}",) if self.side else ()
        if self.min_score > 0:
            more += (f"min_score={plain(self.min_score)}",)
        if not self.group:
            return self.calls[0].put_with(of, more) if more else of(self.calls[0])
        return f"{self.group}({', '.join(more)})" if more else self.group


@dataclass(frozen=True, slots=True, eq=False)
class EventValue(Part):
    """An attribute of the newest event while it is open."""

    events: Events
    attribute: str
    means: str = kept()
    depth: int = kept()
    parts: tuple[Part, ...] = kept()

    def __post_init__(self) -> None:
        """Keep what it means."""
        object.__setattr__(self, "parts", (self.events,))
        self._keep(f"{self.events.means}.{self.attribute}", self.parts)

    def put(self, of: Put) -> str:
        """Return events.attribute."""
        return f"{of(self.events)}.{self.attribute}"


Node = Part


def is_condition(node: Node) -> bool:
    """Return whether the node's values are true, false or unknown rather than numbers."""
    if isinstance(node, HigherTimeframe):
        return is_condition(node.node)
    return isinstance(node, Events) or (isinstance(node, Operation) and node.is_condition)


def has_series(node: Node) -> bool:
    """Return whether the tree's values come from something: a series, or an entry that takes none."""
    return any(isinstance(part, Series) or (isinstance(part, Call) and part.source is None) for part in each_once(node))


def handed(node: Node) -> set[str]:
    """Return the columns that who calls must hand over, such as `pattern_outcome.p_target`."""
    return {part.name for part in each_once(node) if isinstance(part, Series) and part.is_handed}


def timeframes(node: Node) -> set[str]:
    """Return the higher timeframes that are asked for somewhere in the tree."""
    return {part.timeframe for part in each_once(node) if isinstance(part, HigherTimeframe)}


def is_pattern(node: Node) -> bool:
    """Return whether the node by itself answers events rather than a column."""
    return isinstance(node, Events) or (isinstance(node, Call) and node.spec.kind == "pattern")
