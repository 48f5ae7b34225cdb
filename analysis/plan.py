"""A plan: the analyses asked for, read, checked, named, and what they need."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from analysis import requirements
from analysis.catalog.source_hashes import shared_hash, source_hash
from analysis.errors import MORE, Fault, PlanError
from analysis.fault_limits import few_suggestions, room
from analysis.items import Item, Reading, alias_of, group_notes
from analysis.language.call import Call
from analysis.language.handed import HandedCall
from analysis.language.nodes import Events, Node, handed, timeframes
from analysis.language.parser import parse
from analysis.language.part import each_once
from analysis.language.words import Names
from analysis.resampling import is_higher
from analysis.result_size import Detector, ResultSize, expected
from analysis.timeframe import KNOWN
from analysis.trade_facts import scale_of

MOST_SUGGESTIONS = 5  # of the unknown names of one plan that the nearest are looked up for
BASE_US = 300.0  # what a run costs before its first entry


class Plan:
    """Analyses in the order asked. `notes` say where something was read otherwise than it may have been meant."""

    def __init__(self, items: Sequence[Item], notes: Sequence[Mapping[str, str]] = ()) -> None:
        self.items = tuple(items)
        self.notes = tuple(notes)

    @classmethod
    def parse(cls, items: Sequence[str | Mapping[str, Any]], *, timeframe: str | None = None) -> "Plan":
        """Return the plan of these analyses: names, calls, expressions, groups, or objects {name, params, as, source}.

        A name of an analysis means that in later ones. `timeframe` is that of the bars to come. Raises PlanError with
        every fault; pointers are relative to the list.
        """
        return cls._read(items, Reading([alias_of(given) for given in items]), timeframe)

    @classmethod
    def stored(cls, canonical: Sequence[str]) -> "Plan":
        """Return the plan of the texts that canonical() of this or of an earlier version wrote.

        Names that have become reserved since then go on being names.
        """
        return cls._read(canonical, Reading([alias_of(given) for given in canonical], is_stored=True), None)

    @classmethod
    def _read(cls, items: Sequence[str | Mapping[str, Any]], reading: Reading, timeframe: str | None) -> "Plan":
        faults: list[Fault] = []
        parsed: dict[str, Item] = {}
        if timeframe is not None and timeframe not in KNOWN:
            faults.append(Fault("", "unknown_timeframe", f"{timeframe!r} is not one of {', '.join(KNOWN)}."))
        if not items:
            faults.append(Fault("", "empty", "Name at least one analysis."))
        with few_suggestions(MOST_SUGGESTIONS):
            for place, given in enumerate(items):
                if len(faults) >= room():
                    faults.append(Fault(f"/{place}", MORE, "This analysis and those behind it were not read."))
                    break
                try:
                    for item in reading.items(given, place):
                        faults += _timeframe_faults(item, timeframe, f"/{place}")
                        if parsed.setdefault(item.key, item).node != item.node:
                            twice = f"{item.key!r} names something else too."
                            faults.append(Fault(f"/{place}", "duplicate_key", twice))
                except PlanError as error:
                    faults += error.faults
        if faults:
            raise PlanError(faults)
        return cls(list(parsed.values()), [] if reading.is_stored else group_notes(items))

    def canonical(self) -> list[str]:
        """Return the texts that mean this plan, each parsing to itself behind those before it."""
        return [item.text for item in self.items]

    def meaning(self) -> list[str]:
        """Return for each item its key and what it means, whatever names were used to say so."""
        return [f"{item.key} = {item.node.means}" for item in self.items]

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
        known = Names({item.key: item.node for item in self.items if item.key.isidentifier()})
        with few_suggestions(0):  # nobody hears them
            for name in dict.fromkeys(names):
                found = self._meant(name, known)
                keys += found
                unknown += [] if found else [name]
        return list(dict.fromkeys(keys)), unknown

    def _meant(self, name: str, known: Names) -> list[str]:
        found = [key for item in self.items for key in item.keys if name in (item.key, key)]
        if found:
            return found
        try:
            node = parse(name, "", known)
        except PlanError:
            return []
        return [key for item in self.items for key in item.has(node)]

    @property
    def kinds(self) -> set[str]:
        """Return which of indicator, pattern and signal are in the plan; what is handed over is none of them."""
        return {item.kind for item in self.items if not isinstance(item.node, HandedCall)}

    @property
    def detects(self) -> bool:
        """Return whether events are looked for anywhere, be it for a condition."""
        return bool(self.detectors)

    @cached_property
    def handed(self) -> set[str]:
        """Return the columns that who calls must hand over to a run."""
        return set().union(*(handed(item.node) for item in self.items))

    @cached_property
    def handed_calls(self) -> list[HandedCall]:
        """Return what is asked for by itself of what must be handed over, each once."""
        calls = (item.node for item in self.items if isinstance(item.node, HandedCall))
        return list({call.means: call for call in calls}.values())

    @cached_property
    def detectors(self) -> list[Call]:
        """Return every pattern that is in the plan, be it for its events or for a condition, each once."""
        parts = (part for item in self.items for part in each_once(item.node))
        calls = (part for part in parts if isinstance(part, Call) and part.spec.kind == "pattern")
        return list({call.means: call for call in calls}.values())

    @cached_property
    def patterns(self) -> list[tuple[Node, list[Call]]]:
        """Return what answers events, with its patterns; of one that is asked for whole nothing twice."""
        whole = {item.node.means for item in self.items if isinstance(item.node, Call)}
        found: list[tuple[Node, list[Call]]] = []
        for item in self.items:
            if item.kind == "pattern" and isinstance(item.node, Call):
                found.append((item.node, [item.node]))
            elif isinstance(item.node, Events):
                found.append((item.node, [call for call in item.node.calls if call.means not in whole]))
        return found

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
        parts = (part for item in self.items for part in each_once(item.node))
        calls = {part.entry: part.spec for part in parts if isinstance(part, Call)}
        return {"": shared_hash(), **{name: source_hash(calls[name]) for name in sorted(calls)}}

    @cached_property
    def result_size(self) -> ResultSize:
        """Return what one symbol's result comes to, in bytes, by its bars."""
        calls = (part for item in self.items if item.kind == "pattern" for part in each_once(item.node))
        detectors = [
            Detector(part.entry, part.spec.category == "candlesticks", scale_of(part.spec, part.arguments))
            for part in calls
            if isinstance(part, Call)
        ]
        return expected(self.keys, detectors)

    def cost_us(self, bars: int) -> float:
        """Return a rough estimate of the time to run this plan on n bars, in microseconds."""
        return BASE_US + sum(requirements.cost_us(item.node) for item in self.items) * bars / 500


def _timeframe_faults(item: Item, timeframe: str | None, pointer: str) -> list[Fault]:
    """Return what is wrong with the timeframes of an item for bars of this timeframe, if that is known."""
    if timeframe not in KNOWN:
        return []
    wrong = sorted(one for one in timeframes(item.node) if not is_higher(one, timeframe))
    return [Fault(pointer, "not_higher", f"{one} is no higher timeframe than {timeframe}.") for one in wrong]
