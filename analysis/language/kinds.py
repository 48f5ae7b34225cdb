"""Numbers, conditions, and events where a condition is meant: what an operation takes and what is refused."""

from collections.abc import Sequence

from analysis.language.call import Call
from analysis.language.grammar import ATTRIBUTES, CONDITION, EITHER, FUNCTIONS, NUMBER, OPERATORS
from analysis.language.handed import HandedCall
from analysis.language.nodes import Events, HigherTimeframe, Node, Operation, is_condition, is_pattern
from analysis.language.writing import shown


def operation(name: str, parts: Sequence[Node], bars: int | None) -> Node | str:
    """Return the operation on these parts, or why there is none."""
    kinds = _kinds(name, len(parts))
    if EITHER in kinds:
        open_parts = [part for part, kind in zip(parts, kinds, strict=True) if kind == EITHER]
        meant = CONDITION if any(is_condition(part) or _is_event(part) for part in open_parts) else NUMBER
        kinds = [meant if kind == EITHER else kind for kind in kinds]
    made: list[Node] = []
    for part, kind in zip(parts, kinds, strict=True):
        if kind == CONDITION:
            part = as_condition(part)
            if not is_condition(part):
                return f"{name} takes conditions; {shown(part)} is a number."
        elif (wrong := numeric(part)) is not None:
            return wrong
        made.append(part)
    return Operation(name, tuple(made), bars)


def as_condition(node: Node) -> Node:
    """Return what is true where the pattern's events are confirmed, also n bars ago; anything else as it is."""
    if isinstance(node, Call) and node.spec.kind == "pattern":
        return Events((node,))
    if isinstance(node, Operation) and node.name == "ago" and is_pattern(node.parts[0]):
        return Operation("ago", (as_condition(node.parts[0]),), node.bars)
    return node


def numeric(node: Node) -> str | None:
    """Return why the node is not one series of numbers, or None if it is."""
    if _is_event(node) or isinstance(node, Events):
        known = ", ".join(f".{name}" for name in ATTRIBUTES)
        return f"{shown(node)} is an event: write it as a condition, or what is known of it: {known}."
    if is_condition(node):
        return f"{shown(node)} is a condition, not a number."
    if isinstance(node, HigherTimeframe):
        return numeric(node.node)
    if isinstance(node, Call) and len(node.spec.outputs) != 1:
        outputs = [f"{node.entry}.{output.name}" for output in node.spec.outputs]
        return f"{node.entry} has several outputs: {', '.join(outputs)}."
    if isinstance(node, HandedCall):
        return f"{shown(node)} has several outputs: {', '.join(part.name for part in node.parts)}."
    return None


def _is_event(node: Node) -> bool:
    """Return whether the node is a pattern that has no column."""
    return isinstance(node, Call) and not node.spec.outputs


def _kinds(name: str, count: int) -> list[str]:
    if name in OPERATORS:
        return [OPERATORS[name].takes] * count
    return [kind for _, kind in FUNCTIONS[name].takes]
