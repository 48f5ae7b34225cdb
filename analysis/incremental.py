"""Appended bars: a state of the newest bars and running totals, and what a plan comes to on the bars after them.

An entry whose past is bounded is computed again on the bars that still decide it, a running total goes on from its
value. Where nothing else is said the answers are the batch's to within 1e-12 of the unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis import codec, requirements
from analysis.bars import COLUMNS, Bars
from analysis.computed import Carried
from analysis.engine import VERSION, answer
from analysis.errors import BarsError, CodecError, Fault, PlanError
from analysis.interpreter import Interpreter
from analysis.language.call import Call, Series
from analysis.language.nodes import HigherTimeframe, Node, Operation
from analysis.language.part import each_once
from analysis.language.writing import shown
from analysis.plan import Plan
from analysis.positive_prices import refuse_what_needs_them
from analysis.result import Result
from analysis.sessions import Sessions

BENCHMARK = Series("benchmark")


@dataclass(frozen=True, slots=True)
class State:
    """The newest bars that still decide something, and each running total's value on the first after its warm-up."""

    plan: Plan
    bars: Bars
    totals: dict[str, Carried]

    def pack(self) -> bytes:
        """Return the state as bytes."""
        columns = {name: column.view(np.float64) for name, column in self.bars.columns().items() if name != "time"}
        for place, (text, total) in enumerate(self.totals.items()):
            for output, value in enumerate(total.values):
                columns[f"{place}.{output} {text}"] = np.full(len(self.bars), value)
        return codec.pack(
            [
                Result(
                    symbol=self.bars.symbol,
                    timeframe=self.bars.timeframe,
                    time=self.bars.time,
                    columns=columns,
                    bars={text: total.anchored_at for text, total in self.totals.items()},
                    engine=VERSION,
                    quality=[{"plan": text} for text in self.plan.canonical()] + _table(self.bars),
                )
            ]
        )

    @classmethod
    def unpack(cls, data: bytes) -> "State":
        """Return the state that pack() wrote; CodecError for anything else, another engine's included."""
        try:
            (stored,) = codec.unpack(data)
            plan = Plan.stored([note["plan"] for note in stored.quality if "plan" in note])
            given: dict[str, Any] = {name: stored.columns[name] for name in COLUMNS if name in stored.columns}
            for table in [note["sessions"] for note in stored.quality if "sessions" in note]:
                given["sessions"] = Sessions.of(**table)
            if "session" in given:
                given["session"] = given["session"].view(np.int64)
            bars = Bars(time=stored.time, **given, timeframe=stored.timeframe, symbol=stored.symbol)
            totals = {}
            for place, (text, at) in enumerate(stored.bars.items()):
                mine = [column[0] for key, column in stored.columns.items() if key.startswith(f"{place}.")]
                totals[text] = Carried(tuple(float(value) for value in mine), at)
        except (BarsError, PlanError, KeyError, TypeError, ValueError) as error:
            raise CodecError("These bytes are not a packed state.") from error
        if stored.engine != VERSION:
            raise CodecError(f"A state of engine {stored.engine}; this is {VERSION}.")
        return cls(plan, bars, totals)


def begin(plan: Plan, bars: Bars) -> State:
    """Return the state after these bars; PlanError names every item that cannot go on from a state."""
    faults = [
        Fault(f"/{place}", "not_incremental", f"{item.key} depends on the whole series: {reason}.")
        for place, item in enumerate(plan.items)
        if (reason := _whole_series(item.node)) is not None
    ]
    if faults:
        raise PlanError(faults)
    refuse_what_needs_them(plan, bars)
    return _state(plan, bars, Interpreter(bars))


def update(state: State, bars: Bars, *, now_ns: int | None = None) -> tuple[State, Result]:
    """Return the state after the appended bars, and the plan's result on them.

    `bars` are later than those before. Who appends a bar that is still open keeps the state before it.
    """
    before = state.bars
    if len(bars) and bars.time[0] <= before.time[-1]:
        raise BarsError([Fault("/time/0", "not_sorted", f"{bars.time[0]} is not later than the bars before.")])
    if bars.timeframe != before.timeframe:
        raise BarsError([Fault("/timeframe", "other_timeframe", f"{before.timeframe} bars go on with their like.")])
    whole = _joined(before, bars)
    refuse_what_needs_them(state.plan, whole)
    interpreter = Interpreter(whole, carried=state.totals)
    result = answer(state.plan, whole, interpreter, start=len(before), now_ns=now_ns)
    return _state(state.plan, whole, interpreter), result


def _joined(before: Bars, after: Bars) -> Bars:
    one, two = before.columns(), after.columns()
    lacking = [name for name in COLUMNS if (name in one) != (name in two)]
    lacking += ["sessions"] if (before.sessions is None) != (after.sessions is None) else []
    if lacking:
        raise BarsError(
            [Fault(f"/{name}", "other_columns", f"{name} is in some of the bars only.") for name in lacking]
        )
    whole: dict[str, Any] = {name: np.concatenate((one[name], two[name])) for name in one}
    # The later table holds the sessions of both.
    whole |= {"sessions": after.sessions, "closed": after.closed}
    return Bars(**whole, timeframe=before.timeframe, symbol=before.symbol)


def _table(bars: Bars) -> list[dict[str, Any]]:
    return [] if bars.sessions is None else [{"sessions": bars.sessions.to_dict()}]


def _state(plan: Plan, bars: Bars, interpreter: Interpreter) -> State:
    keep = 1 + max(_depth(item.node) for item in plan.items)
    start = max(0, len(bars) - keep)
    totals = {}
    for call in _totals(plan):
        computed = interpreter.of(call)
        first = start + call.spec.warmup(dict(call.values))
        anchored = [note["anchored_at"] for note in computed.notes if note["code"] == "anchored"]
        if anchored and first < len(bars) and int(bars.time[start]) // 1_000_000 >= anchored[0]:
            totals[call.text] = Carried(tuple(float(column[first]) for column in computed.columns), anchored[0])
    return State(plan, bars.slice(start, None), totals)


def _totals(plan: Plan) -> set[Call]:
    nodes = (node for item in plan.items for node in each_once(item.node))
    return {node for node in nodes if isinstance(node, Call) and node.spec.accumulates is not None}


def _whole_series(node: Node) -> str | None:
    """Return what of the node needs every bar that ever was, or None."""
    for part in reversed(list(each_once(node))):
        if part == BENCHMARK:
            return shown(part)  # appended bars come without a second series
        if isinstance(part, HigherTimeframe) or (isinstance(part, Operation) and requirements.is_endless(part)):
            return shown(part)
        if isinstance(part, Series) and part.is_handed:
            return shown(part)
        if isinstance(part, Call):
            nested = (
                part.spec.accumulates is not None and part.source is not None and not isinstance(part.source, Series)
            )
            if nested or not part.spec.is_incremental:
                return shown(part)
    return None


def _depth(node: Node) -> int:
    """Return how many bars before a bar decide its value to within 1e-12."""
    return requirements.folded(node, _own_depth)


def _own_depth(node: Node, parts: Sequence[int]) -> int:
    below = max(parts, default=0)
    if isinstance(node, Operation):
        return below + requirements.looks_back(node)
    # The seed's weight falls geometrically: below 1e-6 after that many bars, below 1e-12 after twice as many.
    return below + max(node.warmup, 2 * node.converged_after) if isinstance(node, Call) else below
