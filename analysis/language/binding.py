"""Calls of entries: every parameter decided, every fault named."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.catalog import params, registry
from analysis.errors import Fault
from analysis.language.nodes import Call, HigherTimeframe, Node, Series, is_condition


def build(
    name: str,
    positional: Sequence[Any],
    named: Mapping[str, Any],
    source: Node | None,
    pointer: str,
    *,
    within: bool = False,
) -> tuple[Call | None, list[Fault]]:
    """Return the call of a name with these arguments, or None, and every fault."""
    try:
        spec = registry.get(name)
    except KeyError:
        near = registry.nearest(name)
        detail = f"Unknown name {name!r}" + (f"; nearest: {', '.join(near)}." if near else ".")
        return None, [Fault(f"{pointer}/name" if within else pointer, "unknown_name", detail)]
    faults: list[Fault] = []
    if source is None:
        source = Series(spec.default_source) if spec.takes_source else None
    elif not spec.takes_source:
        detail = f"{spec.name} works on {', '.join(spec.inputs)} and takes no source."
        faults.append(Fault(pointer, "no_source", detail))
    values, wrong = params.settle(spec.params, positional, named, pointer, ascending=spec.ascending, within=within)
    faults += wrong
    return (None if faults else Call(spec.name, tuple(values.items()), source)), faults


def numeric(node: Node) -> str | None:
    """Return why the node is not one series of numbers, or None if it is."""
    if is_condition(node):
        return f"{node.text} is a condition, not a number."
    if isinstance(node, HigherTimeframe):
        return numeric(node.node)
    if isinstance(node, Call) and len(node.spec.outputs) != 1:
        outputs = [f"{node.entry}.{output.name}" for output in node.spec.outputs]
        return f"{node.entry} has several outputs: {', '.join(outputs)}." if outputs else f"{node.entry} has no column."
    return None
