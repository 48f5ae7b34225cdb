"""A plan: the analyses asked for, read, checked, named, and what they need."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis import registry
from analysis.errors import Fault, PlanError
from analysis.expression import Call, build, parse_call, split_alias

ITEM_KEYS = {"name", "params", "as", "source"}


@dataclass(frozen=True, slots=True)
class Item:
    """One analysis of a plan under its column key."""

    key: str
    call: Call

    @property
    def text(self) -> str:
        return self.call.text if self.key == self.call.text else f"{self.key} = {self.call.text}"


class Plan:
    """Analyses in the order asked; equal plans have equal canonical texts."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = tuple(items)

    @classmethod
    def parse(cls, items: Sequence[str | Mapping[str, Any]]) -> "Plan":
        """Return the plan of these analyses: names, aliases, calls, groups, or objects {name, params, as, source}.

        Raises PlanError with every fault; pointers are relative to the list.
        """
        faults: list[Fault] = []
        parsed: dict[str, Item] = {}
        if not items:
            faults.append(Fault("", "empty", "Name at least one analysis."))
        for place, given in enumerate(items):
            try:
                for item in _items(given, f"/{place}"):
                    earlier = parsed.setdefault(item.key, item)
                    if earlier.call != item.call:
                        raise PlanError(
                            [Fault(f"/{place}", "duplicate_key", f"{item.key!r} names something else too.")]
                        )
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
        """Return the column keys, several outputs as `key.output`."""
        return [
            item.key if len(item.call.spec.outputs) == 1 else f"{item.key}.{output.name}"
            for item in self.items
            for output in item.call.spec.outputs
        ]

    @property
    def kinds(self) -> set[str]:
        return {item.call.spec.kind for item in self.items}

    @cached_property
    def warmup(self) -> int:
        """Return the smallest warm-up of the plan's items: fewer bars can compute nothing."""
        return min(_warmup(item.call) for item in self.items)

    def history(self) -> int | None:
        """Return how many bars before the asked range every item needs, or None for the full stored series."""
        needed = [_history(item.call) for item in self.items]
        return (
            None if any(one is None for one in needed) else max((one for one in needed if one is not None), default=0)
        )

    def cost_us(self, bars: int) -> float:
        """Return a rough estimate of the time to run this plan on so many bars, in microseconds."""
        return 300.0 + sum(item.call.spec.cost_us for item in self.items) * bars / 500


def _items(given: str | Mapping[str, Any], pointer: str) -> Iterator[Item]:
    alias: str | None
    if isinstance(given, str):
        alias, text = split_alias(given)
        group = registry.members(text.strip())
        if group:
            yield from _group(group, alias, pointer)
            return
        call = parse_call(text, pointer)
    elif isinstance(given, Mapping):
        unknown = [key for key in given if key not in ITEM_KEYS]
        name, alias = given.get("name"), given.get("as")
        named = given.get("params") or {}
        faults = [Fault(f"{pointer}/{key}", "unknown_field", f"Unknown field {key!r}.") for key in unknown]
        if not isinstance(name, str):
            faults.append(Fault(f"{pointer}/name", "wrong_type", "name is a text."))
        if not isinstance(named, Mapping):
            faults.append(Fault(f"{pointer}/params", "wrong_type", "params is an object."))
        if alias is not None and (not isinstance(alias, str) or split_alias(f"{alias}=x")[0] != alias):
            faults.append(Fault(f"{pointer}/as", "wrong_type", "as is a word of letters, digits and _."))
        if faults or not isinstance(name, str):
            raise PlanError(faults)
        group = registry.members(name)
        if group and not named:
            yield from _group(group, alias, pointer)
            return
        source = given.get("source")
        if isinstance(source, str) and source not in ("open", "high", "low", "close", "volume", "hl2", "hlc3", "ohlc4"):
            source = parse_call(source, f"{pointer}/source")
        call = build(name, [], dict(named), source, pointer)
    else:
        raise PlanError([Fault(pointer, "wrong_type", "An analysis is a text or an object with a name.")])
    yield Item(alias or call.text, call)


def _group(group: Sequence[Any], alias: str | None, pointer: str) -> Iterator[Item]:
    if alias is not None:
        raise PlanError([Fault(pointer, "alias_of_group", "A group has many columns and cannot have an alias.")])
    for one in group:
        call = build(one.name, [], {}, None, pointer)
        yield Item(call.text, call)


def _warmup(call: Call) -> int:
    own = call.spec.warmup(dict(call.values))
    return own + (_warmup(call.source) if isinstance(call.source, Call) else 0)


def _history(call: Call) -> int | None:
    spec, values = call.spec, dict(call.values)
    if spec.history in ("path", "cumulative"):
        return None
    own = spec.converged_after(values) if spec.converged_after else spec.warmup(values)
    if not isinstance(call.source, Call):
        return own
    below = _history(call.source)
    return None if below is None else own + below
