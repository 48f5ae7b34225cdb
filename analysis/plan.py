"""A plan: the analyses asked for, read, checked, named, and what they need."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis import requirements
from analysis.catalog import registry
from analysis.catalog.entry import Entry
from analysis.catalog.source_hashes import shared_hash, source_hash
from analysis.errors import Fault, PlanError
from analysis.language.binding import build, numeric
from analysis.language.nodes import Call, HigherTimeframe, Node, is_condition, is_pattern, timeframes, walk
from analysis.language.parser import parse, split_alias
from analysis.resampling import is_higher
from analysis.timeframe import KNOWN

ITEM_KEYS = {"name", "params", "as", "source"}
MOST_SUGGESTIONS = 5  # of the unknown names of one plan that the nearest are looked up for
BASE_US = 300.0  # what a run costs before its first entry


@dataclass(frozen=True)
class Item:
    """One analysis of a plan under its column key; what a run needs of it is worked out once."""

    key: str
    node: Node

    @property
    def text(self) -> str:
        """Return the item as it is typed."""
        return self.node.text if self.key == self.node.text else f"{self.key} = {self.node.text}"

    @cached_property
    def kind(self) -> str:
        """Return `pattern` (answers events), `signal` (a condition) or `indicator` (columns)."""
        if is_pattern(self.node):
            return "pattern"
        return "signal" if is_condition(self.node) else "indicator"

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the columns: one, `key.output` for each of several, none for a pattern."""
        if self.kind == "pattern":
            return ()
        node = self.node.node if isinstance(self.node, HigherTimeframe) else self.node
        if isinstance(node, Call) and len(node.spec.outputs) > 1:
            return tuple(f"{self.key}.{output.name}" for output in node.spec.outputs)
        return (self.key,)

    @cached_property
    def may_begin_late(self) -> bool:
        """Return whether it may be unknown after its warm-up, as conditions are and what waits for a higher bar."""
        return self.kind == "signal" or bool(timeframes(self.node))

    @cached_property
    def warmup(self) -> int:
        """Return before how many bars nothing of it can be known."""
        return requirements.warmup(self.node)

    @cached_property
    def asked(self) -> tuple[Node, tuple[str, ...], int | None]:
        """Return what every run asks: the node, its keys, and from which bar on an unknown value is worth a note."""
        return self.node, self.keys, None if self.may_begin_late else self.warmup


class Plan:
    """Analyses in the order asked; equal plans have equal canonical texts."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = tuple(items)

    @classmethod
    def parse(cls, items: Sequence[str | Mapping[str, Any]], *, timeframe: str | None = None) -> "Plan":
        """Return the plan of these analyses: names, calls, expressions, groups, or objects {name, params, as, source}.

        `timeframe` is that of the bars to come. Raises PlanError with every fault; pointers are relative to the list.
        """
        faults: list[Fault] = []
        parsed: dict[str, Item] = {}
        if timeframe is not None and timeframe not in KNOWN:
            faults.append(Fault("", "unknown_timeframe", f"{timeframe!r} is not one of {', '.join(KNOWN)}."))
        if not items:
            faults.append(Fault("", "empty", "Name at least one analysis."))
        with registry.few_suggestions(MOST_SUGGESTIONS):
            for place, given in enumerate(items):
                try:
                    for item in _items(given, f"/{place}"):
                        faults += _timeframe_faults(item, timeframe, f"/{place}")
                        if parsed.setdefault(item.key, item).node != item.node:
                            twice = f"{item.key!r} names something else too."
                            faults.append(Fault(f"/{place}", "duplicate_key", twice))
                except PlanError as error:
                    faults += error.faults
        if faults:
            raise PlanError(faults)
        return cls(list(parsed.values()))

    def canonical(self) -> list[str]:
        """Return the texts that mean this plan, each parsing to itself."""
        return [item.text for item in self.items]

    @property
    def keys(self) -> list[str]:
        """Return the column keys in their order, each once."""
        return list(dict.fromkeys(key for item in self.items for key in item.keys))

    def columns_named(self, names: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return the column keys that these texts mean, and the texts that mean none.

        A text is a key, an item's text as it may be typed (`rsi(14)` for `rsi`), or an item with several columns.
        """
        keys: list[str] = []
        unknown: list[str] = []
        for name in names:
            found = self._meant(name)
            keys += found
            unknown += [] if found else [name]
        return list(dict.fromkeys(keys)), unknown

    def _meant(self, name: str) -> list[str]:
        for text in (name, _canonical(name)):
            found = [key for item in self.items for key in item.keys if text in (item.key, item.node.text, key)]
            if found:
                return found
        return []

    @property
    def kinds(self) -> set[str]:
        """Return which of indicator, pattern and signal are in the plan."""
        return {item.kind for item in self.items}

    @cached_property
    def warmup(self) -> int:
        """Return the smallest warm-up of the items: with no more bars than that nothing can be computed."""
        return min(item.warmup for item in self.items)

    def history(self, timeframe: str | None = None) -> int | None:
        """Return how many bars before the asked range every item needs, or None for the full stored series.

        Items of a higher timeframe need the whole series unless the bars' own timeframe is given.
        """
        longest = 0
        for item in self.items:
            needed = requirements.bars_required(item.node, timeframe)
            if needed is None:
                return None
            longest = max(longest, needed)
        return longest

    @cached_property
    def sources(self) -> dict[str, str]:
        """Return what the answer is computed with: a hash for each entry anywhere in the plan, and one for the rest."""
        calls = {part.entry: part.spec for item in self.items for part in walk(item.node) if isinstance(part, Call)}
        return {"": shared_hash(), **{name: source_hash(calls[name]) for name in sorted(calls)}}

    def cost_us(self, bars: int) -> float:
        """Return a rough estimate of the time to run this plan on n bars, in microseconds."""
        return BASE_US + sum(requirements.cost_us(item.node) for item in self.items) * bars / 500


def _canonical(text: str) -> str:
    try:
        return parse(text, "").text
    except PlanError:
        return text


def _timeframe_faults(item: Item, timeframe: str | None, pointer: str) -> list[Fault]:
    """Return what is wrong with the timeframes of an item for bars of this timeframe, if that is known."""
    if timeframe not in KNOWN:
        return []
    wrong = sorted(one for one in timeframes(item.node) if not is_higher(one, timeframe))
    return [Fault(pointer, "not_higher", f"{one} is no higher timeframe than {timeframe}.") for one in wrong]


def _items(given: str | Mapping[str, Any], pointer: str) -> Iterator[Item]:
    if isinstance(given, str):
        alias, text = split_alias(given)
        group = _meant_group(text.strip(), alias)
        if group:
            yield from _group(group, alias, pointer)
        else:
            node = parse(text, pointer)
            yield Item(alias or node.text, node)
    elif isinstance(given, Mapping):
        yield from _object(given, pointer)
    else:
        raise PlanError([Fault(pointer, "wrong_type", "An analysis is a text or an object with a name.")])


def _object(given: Mapping[str, Any], pointer: str) -> Iterator[Item]:
    name, alias, named, source = given.get("name"), given.get("as"), given.get("params"), given.get("source")
    faults: list[Fault] = []
    unknown = sorted(str(key) for key in given.keys() - ITEM_KEYS)
    strange = [Fault(f"{pointer}/{key}", "unknown_field", f"Unknown field {key!r}.") for key in unknown]
    if not isinstance(name, str):
        faults.append(Fault(f"{pointer}/name", "wrong_type", "name is a text."))
    if named is not None and not isinstance(named, Mapping):
        faults.append(Fault(f"{pointer}/params", "wrong_type", "params is an object."))
    if alias is not None and (not isinstance(alias, str) or split_alias(f"{alias}=x")[0] != alias):
        faults.append(Fault(f"{pointer}/as", "wrong_type", "as is a word of letters, digits and _."))
    if source is not None and not isinstance(source, str):
        faults.append(Fault(f"{pointer}/source", "wrong_type", "source is a text."))
    if faults:
        raise PlanError([*strange, *faults])
    group = _meant_group(str(name), alias)
    if group and not named and source is None and not strange:
        yield from _group(group, alias, pointer)
        return
    series: Node | None = None
    if source is not None:
        try:
            series = parse(source, f"{pointer}/source")
            wrong = numeric(series)
            faults += [] if wrong is None else [Fault(f"{pointer}/source", "wrong_type", wrong)]
        except PlanError as error:
            faults += error.faults
    call, wrongs = build(str(name), [], dict(named or {}), series, pointer, within=True)
    if strange or faults or wrongs or call is None:
        raise PlanError([*strange, *faults, *wrongs])
    yield Item(alias or call.text, call)


def _meant_group(name: str, alias: str | None) -> list[Entry]:
    """Return the members of a group; under an alias a name that is also an entry's means the entry."""
    return [] if alias is not None and name in registry.ENTRIES else registry.members(name)


def _group(group: Sequence[Entry], alias: str | None, pointer: str) -> Iterator[Item]:
    if alias is not None:
        raise PlanError([Fault(pointer, "alias_of_group", "A group has many columns and cannot have an alias.")])
    for one in group:
        call, faults = build(one.name, [], {}, None, pointer)
        if call is None:
            raise PlanError(faults)
        yield Item(call.text, call)
