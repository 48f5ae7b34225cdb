"""Calls of entries: every parameter decided, every fault named."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.catalog import params
from analysis.catalog.entry import Entry
from analysis.catalog.params import Value, choice, number
from analysis.errors import Fault
from analysis.language import words
from analysis.language.call import Call, Series
from analysis.language.grammar import ATTRIBUTES, HIGHEST_SCORE, OF_CANDLESTICKS, SIDES
from analysis.language.nodes import Events, EventValue, Node
from analysis.language.words import Names
from analysis.language.writing import shown

EITHER_SIDE = "either"
# What may be asked of an event besides the parameters of its entry.
FILTERS = (
    choice("side", EITHER_SIDE, (*SIDES, EITHER_SIDE)),
    number("min_score", 0.0, 0.0, HIGHEST_SCORE),
)


def build(
    name: str,
    positional: Sequence[Any],
    named: Mapping[str, Any],
    source: Node | None,
    pointer: str,
    *,
    within: bool = False,
) -> tuple[Call | Events | None, list[Fault]]:
    """Return the call of a name with these arguments, or None, and every fault; of a pattern with filters its events.

    `within` tells that the arguments are an object's, to whose fields faults point.
    """
    spec = words.entry_named(name)
    if spec is None:
        return None, [Fault(f"{pointer}/name" if within else pointer, "unknown_name", words.unknown(name, Names()))]
    faults: list[Fault] = []
    if source is None:
        source = Series(spec.default_source) if spec.takes_source else None
    elif not spec.takes_source:
        detail = f"{spec.name} works on {', '.join(spec.inputs)} and takes no source."
        faults.append(Fault(pointer, "no_source", detail))
    filters = _filters_of(spec, named)
    own = {key: value for key, value in named.items() if key not in filters}
    values, wrong = params.settle(spec.params, positional, own, pointer, ascending=spec.ascending, within=within)
    faults += wrong
    asked: dict[str, Value] = {}
    if filters:
        asked, wrong = params.settle(FILTERS, (), filters, pointer, within=within)
        faults += wrong
    if faults:
        return None, faults
    call = Call(spec.name, tuple(values.items()), source)
    return (_events((call,), "", asked) if filters else call), []


def build_events(
    group: str, members: Sequence[Entry], named: Mapping[str, Any], pointer: str
) -> tuple[Events | None, list[Fault]]:
    """Return the events of any of the group's patterns, each with its defaults, or None and every fault."""
    asked, faults = params.settle(FILTERS, (), named, pointer)
    calls = tuple(Call(one.name, tuple(one.defaults().items())) for one in members)
    return (None if faults else _events(calls, group, asked)), faults


def event_value(events: Node, attribute: str) -> EventValue | str:
    """Return what is known of the newest of these events, or why it is not."""
    if not isinstance(events, Events):
        return f"{shown(events)} has no outputs."
    mark = any(call.spec.category == "candlesticks" for call in events.calls)
    known = OF_CANDLESTICKS if mark else ATTRIBUTES
    if attribute in known:
        return EventValue(events, attribute)
    names = ", ".join((*known, *(output.name for call in events.calls[:1] for output in call.spec.outputs)))
    return f"{shown(events)} has no {attribute[:40]!r}; of an event are known: {names}."


def _filters_of(spec: Entry, named: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that are filters: those of a pattern that has no parameter of that name."""
    if spec.kind != "pattern":
        return {}
    own = {param.name for param in spec.params}
    return {one.name: named[one.name] for one in FILTERS if one.name in named and one.name not in own}


def _events(calls: tuple[Call, ...], group: str, asked: Mapping[str, Value]) -> Events:
    side = str(asked["side"])
    return Events(calls, group, "" if side == EITHER_SIDE else side, float(asked["min_score"]))
