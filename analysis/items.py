"""One analysis of a plan: what was asked, read into a tree, and the key that its columns are called by."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from analysis import requirements
from analysis.catalog import registry
from analysis.catalog.entry import Entry
from analysis.errors import Fault, PlanError
from analysis.language import words
from analysis.language.binding import build
from analysis.language.call import Call, OutputRef
from analysis.language.grammar import HANDED
from analysis.language.handed import HandedCall, build_handed, only_outputs
from analysis.language.kinds import numeric
from analysis.language.nodes import HigherTimeframe, Node, is_condition, is_pattern, timeframes
from analysis.language.parser import parse, split_alias
from analysis.language.words import Names
from analysis.language.writing import TooLong, written

ITEM_KEYS = {"name", "params", "as", "source", "group"}
# Groups whose bare word means something else in an expression.
BOTH = {"volume": "the series", "momentum": "the indicator"}


@dataclass(frozen=True)
class Item:
    """One analysis of a plan under its column key; what a run needs of it is worked out once.

    `written` is its canonical text, in which names of earlier analyses stand for what they mean.
    """

    key: str
    node: Node
    written: str

    @property
    def text(self) -> str:
        """Return the item as it is typed."""
        return self.written if self.key == self.written else f"{self.key} = {self.written}"

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
        if isinstance(node, HandedCall):
            return tuple(f"{self.key}.{output}" for output in node.outputs)
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

    def has(self, node: Node) -> list[str]:
        """Return the keys of the columns that this means, in whatever words it was asked for."""
        if node == self.node:
            return list(self.keys)
        if isinstance(self.node, HandedCall):
            return [key for key, part in zip(self.keys, self.node.parts, strict=True) if part == node]
        higher = node.timeframe if isinstance(node, HigherTimeframe) else None
        one = node.node if isinstance(node, HigherTimeframe) else node
        if not isinstance(one, OutputRef) or len(self.keys) < 2:
            return []
        meant = one.call if higher is None else HigherTimeframe(one.call, higher)
        return [f"{self.key}.{one.output}"] if meant == self.node else []


@dataclass(slots=True)
class Reading:
    """What is known while the analyses of a request are read one after the other: their names, and what to remark."""

    aliases: Sequence[str | None]
    is_stored: bool = False
    meanings: dict[str, Node | None] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    given: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Keep every name that the request gives."""
        self.given = frozenset(alias for alias in self.aliases if alias is not None)

    def names(self) -> Names:
        """Return the names that the next analysis may use, and all that there are."""
        return Names(self.meanings, self.given)

    def items(self, given: str | Mapping[str, Any], place: int) -> list[Item]:
        """Return the items of one analysis and keep what its name means; raise PlanError with every fault."""
        alias, pointer = self.aliases[place], f"/{place}"
        taken = None if alias is None else words.reserved(alias)
        found: list[Item] = []
        try:
            if taken is not None and not self.is_stored:
                detail = f"{alias!r} is {taken} and cannot name an analysis; to compare write ==."
                where = pointer if isinstance(given, str) else f"{pointer}/as"
                raise PlanError([Fault(where, "reserved_name", detail)])
            if isinstance(given, str):
                found = list(self._text(given, alias, pointer, self.names()))
            elif isinstance(given, Mapping):
                found = list(self._object(given, pointer, self.names()))
            else:
                raise PlanError([Fault(pointer, "wrong_type", "An analysis is a text or an object with a name.")])
        finally:
            if alias is not None and taken is None:
                self.meanings.setdefault(alias, found[0].node if found else None)
        return found

    def _text(self, given: str, alias: str | None, pointer: str, names: Names) -> Iterator[Item]:
        text = given if alias is None else split_alias(given)[1]
        word = text.strip().lower()
        group = _meant_group(word, alias)
        if group:
            yield from self._group(word, group, alias, pointer)
            return
        yield _item(alias, parse(text, pointer, names), names, pointer)

    def _object(self, given: Mapping[str, Any], pointer: str, names: Names) -> Iterator[Item]:
        name, alias, named, source = given.get("name"), given.get("as"), given.get("params"), given.get("source")
        faults: list[Fault] = []
        unknown = sorted(str(key) for key in given.keys() - ITEM_KEYS)
        strange = [Fault(f"{pointer}/{key}", "unknown_field", f"Unknown field {key!r}.") for key in unknown]
        if "group" in given and not strange:
            yield from self._of_group(given, pointer)
            return
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
            yield from self._group(str(name), group, alias, pointer)
            return
        series: Node | None = None
        if source is not None:
            try:
                series = parse(source, f"{pointer}/source", names)
                wrong = numeric(series)
                faults += [] if wrong is None else [Fault(f"{pointer}/source", "wrong_type", wrong)]
            except PlanError as error:
                faults += error.faults
        call, wrongs = _built(str(name), dict(named or {}), series, pointer)
        if strange or faults or wrongs or call is None:
            raise PlanError([*strange, *faults, *wrongs])
        yield _item(alias, call, names, pointer)

    def _of_group(self, given: Mapping[str, Any], pointer: str) -> Iterator[Item]:
        """Return the items of `{"group": …}`, which is said without doubt."""
        others, word = sorted(given.keys() - {"group"}), given["group"]
        if others:
            raise PlanError([Fault(f"{pointer}/{key}", "unknown_field", f"A group has no {key}.") for key in others])
        group = registry.members(word) if isinstance(word, str) else []
        if not group:
            known = ", ".join((*registry.EVERY, *registry.CATEGORIES))
            raise PlanError([Fault(f"{pointer}/group", "unknown_group", f"A group is one of {known}.")])
        yield from self._group(word, group, None, pointer)

    def _group(self, word: str, group: Sequence[Entry], alias: str | None, pointer: str) -> Iterator[Item]:
        """Return the items of a group, once: hundreds of entries asked for two hundred times take a second."""
        if alias is not None:
            detail = "A group has many columns and cannot have an alias."
            raise PlanError([Fault(pointer, "alias_of_group", detail)])
        if word in self.groups:
            return
        self.groups.add(word)
        for one in group:
            call, faults = build(one.name, [], {}, None, pointer)
            if call is None:
                raise PlanError(faults)
            text = call.text
            yield Item(text, call, text)


def group_notes(asked: Sequence[Any]) -> list[dict[str, str]]:
    """Return a note for each bare word that means a group in a list and something else in an expression."""
    words_asked = (one.get("name") if isinstance(one, Mapping) and len(one) == 1 else one for one in asked)
    bare = dict.fromkeys(word.strip().lower() for word in words_asked if isinstance(word, str))
    return [
        {
            "code": "group_meant",
            "entry": word,
            "detail": f"In a list {word!r} means the group, for this version; in an expression it is {BOTH[word]}. "
            f'{{"group": "{word}"}} goes on meaning the group.',
        }
        for word in bare
        if word in BOTH
    ]


def alias_of(given: Any) -> str | None:
    """Return the name that an analysis is given, if it is one."""
    alias = split_alias(given)[0] if isinstance(given, str) else given.get("as") if isinstance(given, Mapping) else None
    return alias if isinstance(alias, str) and split_alias(f"{alias}=x")[0] == alias else None


def _item(alias: str | None, node: Node, names: Names, pointer: str) -> Item:
    try:
        text = written(node, names.used)
    except TooLong as error:
        raise PlanError([Fault(pointer, "too_long", str(error))]) from None
    return Item(alias or text, node, text)


def _built(name: str, named: Mapping[str, Any], source: Node | None, pointer: str) -> tuple[Node | None, list[Fault]]:
    """Return what an object's name and parameters mean, or None, and every fault."""
    word = name.lower()
    if word not in HANDED:
        return build(name, [], named, source, pointer, within=True)
    made, faults = build_handed(word, [], named, pointer, within=True, has_source=source is not None)
    if made is not None and not made.horizon:
        return None, [Fault(pointer, "not_an_output", only_outputs(made))]
    return made, faults


def _meant_group(name: str, alias: str | None) -> list[Entry]:
    """Return the members of a group; under an alias a name that is also an entry's means the entry."""
    return [] if alias is not None and name in registry.ENTRIES else registry.members(name)
