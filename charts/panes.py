"""Where the columns of a result go: over the candles if they are in units of the price, else in a strip below."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from analysis import Bars, Plan
from analysis.arrays import Floats
from analysis.language.call import Call, OutputRef, Series
from analysis.language.nodes import Node
from charts.marks import Event

Columns = dict[str, Floats]
MAX_OVERLAYS, MAX_PANES = 6, 2
ON_PRICE = ("price", "source")


def place(
    plan: Plan, columns: Mapping[str, Sequence[Any]], times_ms: Sequence[int], shown: Bars
) -> tuple[Columns, Columns]:
    """Return the plan's columns on the bars that are shown: those over the candles, and the first of the others.

    Columns have a value, or None, for each of `times_ms`; a bar that is not among these is unknown.
    """
    times = np.array(times_ms, dtype=np.int64)
    wanted = shown.time // 1_000_000
    at = np.minimum(np.searchsorted(times, wanted), max(len(times) - 1, 0))
    known = times[at] == wanted if len(times) else np.zeros(len(wanted), dtype=np.bool_)
    overlays: Columns = {}
    panes: Columns = {}
    for key, on_price in _scales(plan):
        into, most = (overlays, MAX_OVERLAYS) if on_price else (panes, MAX_PANES)
        if len(into) < most and key in columns:
            column = np.array(columns[key], dtype=np.float64)  # null is NaN
            into[key] = np.where(known, column[at], np.nan)
    return overlays, panes


def missing_oscillators(events: Sequence[Event], panes: Collection[str]) -> list[str]:
    """Return what the events were found on besides the price and no pane shows, as many as may be added."""
    return list({event["of"]: None for event in events if event.get("of") and event["of"] not in panes})[:MAX_PANES]


def _scales(plan: Plan) -> Iterator[tuple[str, bool]]:
    """Yield the keys of the plan's columns and whether they are in the unit of the price."""
    for item in plan.items:
        if not item.keys:  # a pattern answers events
            continue
        node: Node = item.node
        call = node.call if isinstance(node, OutputRef) else node
        if not isinstance(call, Call):
            yield from ((key, False) for key in item.keys)
            continue
        named = node.output if isinstance(node, OutputRef) else None
        outputs = [output for output in call.spec.outputs if named in (None, output.name)]
        of_price = call.source is None or isinstance(call.source, Series)
        for key, output in zip(item.keys, outputs, strict=True):
            yield key, of_price and output.unit in ON_PRICE
