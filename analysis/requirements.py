"""What a tree needs before it can say anything, and what it costs: read off its entries, without bars."""

from analysis.language.nodes import Call, HigherTimeframe, Node, Number, Operation, OutputRef, Series
from analysis.timeframe import LENGTH_NS, MONTH

OPERATION_US = 3.0  # microseconds per 500 bars


def warmup(node: Node) -> int:
    """Return before how many bars nothing of the node can be known.

    For arithmetic and comparisons that is the longest of the parts; `and` and `or` may be decided by the shortest.
    """
    if isinstance(node, OutputRef):
        return warmup(node.call)
    if isinstance(node, HigherTimeframe):
        return warmup(node.node)  # a higher bar is made of one bar at least
    if isinstance(node, Call):
        own = node.spec.warmup(dict(node.values))
        return own + (0 if node.source is None else warmup(node.source))
    if not isinstance(node, Operation):
        return 0
    parts = [warmup(part) for part in node.parts]
    longest = min(parts) if node.name in ("and", "or", "within") else max(parts)
    return longest + looks_back(node, at_least=True)


def bars_required(node: Node, timeframe: str | None = None) -> int | None:
    """Return how many bars (of this timeframe) before a bar decide its value, or None for the full stored series."""
    if isinstance(node, Number | Series):
        return 0
    if isinstance(node, OutputRef):
        return bars_required(node.call, timeframe)
    if isinstance(node, HigherTimeframe):
        below = bars_required(node.node)
        per_bar = None if timeframe is None else _bars_in(node.timeframe, timeframe)
        # One bar that is not over and one that the bars may begin inside of come on top.
        return None if below is None or per_bar is None else (below + 3) * per_bar
    if isinstance(node, Operation):
        if node.name == "bars_since":
            return None
        return _sum(max((bars_required(part, timeframe) for part in node.parts), key=_depth), looks_back(node))
    spec, values = node.spec, dict(node.values)
    if spec.history in ("path", "cumulative"):
        return None
    own = spec.converged_after(values) if spec.converged_after else spec.warmup(values)
    return own if node.source is None else _sum(bars_required(node.source, timeframe), own)


def cost_us(node: Node) -> float:
    """Return a rough estimate of the microseconds that the node takes on 500 bars."""
    if isinstance(node, OutputRef):
        return cost_us(node.call)
    if isinstance(node, Call):
        return node.spec.cost_us + (0.0 if node.source is None else cost_us(node.source))
    if isinstance(node, Operation):
        return OPERATION_US + 0.1 * (node.bars or 0) + sum(cost_us(part) for part in node.parts)
    if isinstance(node, HigherTimeframe):
        return OPERATION_US + cost_us(node.node)
    return 0.0


def _bars_in(timeframe: str, base: str) -> int:
    """Return how many bars of the base timeframe one of the other has at most."""
    length = 31 * LENGTH_NS["1d"] if timeframe == MONTH else LENGTH_NS[timeframe]
    return -(-length // LENGTH_NS.get(base, 28 * LENGTH_NS["1d"]))


def looks_back(node: Operation, *, at_least: bool = False) -> int:
    """Return how many bars the operation itself looks back; `at_least`: before anything of it can be known."""
    if node.name in ("ago", "change"):
        return node.bars or 0
    if node.name in ("highest", "lowest", "count"):
        return (node.bars or 1) - 1
    if at_least:
        return 0
    if node.name == "within":
        return (node.bars or 1) - 1
    return int(node.name.startswith("crossed"))


def _depth(bars: int | None) -> float:
    return float("inf") if bars is None else bars


def _sum(one: int | None, other: int) -> int | None:
    return None if one is None else one + other
