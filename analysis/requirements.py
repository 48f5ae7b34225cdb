"""What must be known of a tree before it runs: how many bars it needs, and what it costs. Each part is asked once."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from analysis.language.call import Call, Series
from analysis.language.nodes import Events, HigherTimeframe, Node, Number, Operation
from analysis.language.part import each_once
from analysis.operations import is_always_known
from analysis.timeframe import LENGTH_NS, MONTH

OPERATION_US = 3.0  # microseconds per 500 bars
Found = TypeVar("Found")


def folded(node: Node, own: Callable[[Node, Sequence[Found]], Found]) -> Found:
    """Return what `own` makes of the node and of what it made of its parts."""
    found: dict[str, Found] = {}
    for part in each_once(node):
        found[part.means] = own(part, [found[one.means] for one in part.parts])
    return found[node.means]


def warmup(node: Node) -> int:
    """Return before how many bars nothing of the node can be known.

    For arithmetic and comparisons that is the longest of the parts; `and` and `or` may be decided by the shortest.
    """
    return folded(node, _warmup)


def _warmup(node: Node, parts: Sequence[int]) -> int:
    if isinstance(node, Call):
        return node.warmup + sum(parts)
    if isinstance(node, Events):
        return min(parts)
    if not isinstance(node, Operation):
        return max(parts, default=0)  # a higher bar is made of one bar at least
    if is_always_known(node):
        return 0
    if node.name == "if":
        return max(parts[0], min(parts[1:]))
    longest = min(parts) if node.name in ("and", "or", "within", "nz") else max(parts)
    return longest + looks_back(node, at_least=True)


def bars_required(node: Node, timeframe: str | None = None) -> int | None:
    """Return how many bars (of this timeframe) before a bar decide its value, or None for the full stored series."""

    def own(part: Node, parts: Sequence[int | None]) -> int | None:
        if isinstance(part, Number | Series):
            # Who hands it over has looked at every bar.
            return None if isinstance(part, Series) and part.is_handed else 0
        if isinstance(part, Call):
            return _sum(parts[0] if parts else 0, _of_call(part))
        if isinstance(part, Operation):
            return _sum(max(parts, key=_depth), None if is_endless(part) else looks_back(part))
        longest = max(parts, key=_depth)
        if isinstance(part, HigherTimeframe):
            per_bar = None if timeframe is None else _bars_in(part.timeframe, timeframe)
            # One bar that is not over and one that the bars may begin inside of come on top.
            return None if longest is None or per_bar is None else (longest + 3) * per_bar
        return longest

    return folded(node, own)


def cost_us(node: Node) -> float:
    """Return a rough estimate of the microseconds that the node takes on 500 bars."""
    return sum(_cost_us(part) for part in each_once(node))


def _cost_us(node: Node) -> float:
    if isinstance(node, Call):
        return node.spec.cost_us
    if isinstance(node, Operation):
        return OPERATION_US + 0.1 * (node.bars or 0)
    return OPERATION_US if isinstance(node, HigherTimeframe | Events) else 0.0


def _of_call(call: Call) -> int | None:
    if call.spec.history in ("path", "cumulative"):
        return None
    return call.converged_after if call.spec.converged_after else call.warmup


def _bars_in(timeframe: str, base: str) -> int:
    """Return how many bars of the base timeframe one of the other has at most."""
    length = 31 * LENGTH_NS["1d"] if timeframe == MONTH else LENGTH_NS[timeframe]
    return -(-length // LENGTH_NS.get(base, 28 * LENGTH_NS["1d"]))


def is_endless(node: Operation) -> bool:
    """Return whether the operation may look back to the first bar."""
    return node.name in ("bars_since", "valuewhen")


def looks_back(node: Operation, *, at_least: bool = False) -> int:
    """Return how many bars the operation itself looks back; `at_least`: before anything of it can be known."""
    if node.name in ("ago", "change", "percent_change"):
        return node.bars or 0
    if node.name in ("highest", "lowest", "sum", "count"):
        return (node.bars or 1) - 1
    if node.name in ("rising", "falling"):
        return 1 if at_least else node.bars or 1
    if at_least:
        return 0
    if node.name == "within":
        return (node.bars or 1) - 1
    return int(node.name.startswith("crossed"))


def _depth(bars: int | None) -> float:
    return float("inf") if bars is None else bars


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
