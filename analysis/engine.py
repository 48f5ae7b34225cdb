"""Run a plan over bars: every column computed once, the last bar left out of events and signals while it is open."""

import time
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, Literal

import numpy as np

from analysis.arrays import Floats
from analysis.bars import Bars
from analysis.computed import Computed, Note
from analysis.errors import InsufficientHistory
from analysis.event_list import EventList
from analysis.events import Event
from analysis.interpreter import Interpreter
from analysis.items import Item
from analysis.kernels.jit import jit
from analysis.kernels.run_cache import shared_in
from analysis.kernels.unknown import count_unknown
from analysis.language.call import Call
from analysis.language.nodes import Events, Node
from analysis.late_events import CandlestickEvents, LateEvents, LateShapes
from analysis.occurrences import accepted, open_until
from analysis.plan import Plan
from analysis.positive_prices import refuse_what_needs_them
from analysis.result import Result
from analysis.timeframe import BARS_A_YEAR
from analysis.trade_facts import Twins, facts_of, facts_of_forming, scale_of

VERSION = "1.1.0"
Found = tuple[Node, Call, Sequence[Event]]  # what is asked for, one of its calls, and what that one's detector found
# Each is made only when it is asked for. They have no facts: nobody trades on one by a plan of entry, stop and target.
CROWDS = (CandlestickEvents, LateEvents)
CANDLESTICKS = "candlesticks"
CLOSE_ASSUMED = "No sessions were given: the last bar was taken to close at midnight UTC. `closed: true` says it has."
# Notes that already say why there are no values.
SAY_WHY = ("insufficient_history", "no_volume", "no_benchmark", "not_handed", "not_higher", "undefined")


def run(
    plan: Plan,
    bars: Bars,
    *,
    benchmark: Bars | None = None,
    handed: Mapping[str, Floats] | None = None,
    now_ns: int | None = None,
    output: Literal["last", "all"] | int = "all",
    forming: bool = False,
    keep_open: bool = False,
) -> Result:
    """Return the plan's columns and events on these bars, the last bar's only, the last n bars' or all.

    `benchmark` is the second series of entries that compare two: aligned on time, unknown where it has no bar.
    `handed` are columns of these bars that only who calls has, by name as `plan.handed` asks for them; NaN is unknown.
    `now_ns` (int64 ns UTC, default: the clock) decides whether the last bar is over. `forming` asks for patterns that
    are still open at the last closed bar as well, `keep_open` for events that were confirmed before the asked bars and
    have met neither stop nor last target since. Raises InsufficientHistory when there are too few bars for
    every entry, PricesNotPositive when prices are not above zero that an entry needs so; an entry that cannot be
    computed is a column of NaN and a note in `quality`.
    """
    began = time.perf_counter()
    count = len(bars)
    refuse_what_needs_them(plan, bars, benchmark)
    if count <= plan.warmup:
        raise InsufficientHistory(f"{count} bars; the least that any of the analyses needs is {plan.warmup + 1}.")
    interpreter = Interpreter(bars, benchmark, handed=handed)
    result = answer(plan, bars, interpreter, start=count - _asked(output, count), now_ns=now_ns, keep_open=keep_open)
    if forming:
        result.forming = _forming(plan, bars, interpreter, closed=count - result.provisional)
    if all(interpreter.of(item.node).is_short for item in plan.items):
        raise InsufficientHistory(f"{count} bars are too few for every one of the analyses.")
    result.timings_ms["compute"] = round((time.perf_counter() - began) * 1e3, 3)
    return result


def answer(
    plan: Plan,
    bars: Bars,
    interpreter: Interpreter,
    *,
    start: int,
    now_ns: int | None,
    keep_open: bool = False,
) -> Result:
    """Return what the plan comes to from bar `start` on; `interpreter` computes on these bars."""
    count = len(bars)
    provisional = not bars.last_closed(time.time_ns() if now_ns is None else now_ns)
    closed = count - provisional
    columns: dict[str, Floats] = {}
    signals: dict[str, Any] = {}
    quality: list[Note] = [dict(note) for note in plan.notes]
    with shared_in({}):
        for item in plan.items:
            node, keys, first = item.asked
            computed = interpreter.of(node)
            if start and keys:
                columns.update(zip(keys, [column[start:] for column in computed.columns], strict=True))
            elif len(keys) > 1:
                columns.update(zip(keys, computed.columns, strict=True))
            elif keys:
                columns[keys[0]] = computed.columns[0]
            if item.kind == "signal":
                signals[item.key] = _signal(computed.columns[0], start, closed, bars)
            is_told = bool(keys) and first is not None and not computed.is_whole
            unknown = _unknown(computed, max(start, first or 0)) if is_told else 0
            if unknown or computed.notes:
                quality += _notes(item, computed, unknown)
        events = _events(plan, bars, interpreter, start, closed, keep_open)
    if provisional:
        quality.append({"code": "provisional_last_bar", "detail": "The last bar is still open; its values may change."})
        if bars.sessions is None and bars.timeframe in BARS_A_YEAR:
            quality.append({"code": "close_assumed", "detail": CLOSE_ASSUMED})
    return Result(
        symbol=bars.symbol,
        timeframe=bars.timeframe,
        time=bars.time[start:],
        columns=columns,
        bars=_facts(bars),
        engine=VERSION,
        events=EventList(events),
        signals=signals,
        quality=quality,
        provisional=provisional,
    )


def _forming(plan: Plan, bars: Bars, interpreter: Interpreter, closed: int) -> list[Event]:
    """Return what is open at the last closed bar, in the order of its last point."""
    found: list[Event] = []
    past = interpreter if closed == len(bars) else Interpreter(bars.slice(0, closed), None)
    with shared_in({}):
        for node, calls in plan.patterns:
            for call in calls:
                if call.spec.forming is not None:
                    open_now = call.spec.forming(past.detection_context(call, (), 0))
                    wanted = list(accepted(node, open_now)) if isinstance(node, Events) else open_now
                    told = facts_of_forming(wanted, bars, scale_of(call.spec, call.arguments))
                    found += [one.with_facts(facts) for one, facts in zip(wanted, told, strict=True)]
    return sorted(found, key=attrgetter("confirmed_at", "name"))


def _asked(output: Literal["last", "all"] | int, count: int) -> int:
    if isinstance(output, int) and not isinstance(output, bool) and output >= 0:
        return min(output, count)
    if output not in ("last", "all"):
        raise ValueError(f"output is 'last', 'all' or a number of bars, not {output!r}.")
    return count if output == "all" else 1


def _signal(condition: Floats, start: int, closed: int, bars: Bars) -> dict[str, Any]:
    """Return whether the condition holds on the last closed bar, and how often in the asked range."""
    asked = condition[start:closed]
    if not len(asked):
        return {"value": None, "at": None, "true_count": 0, "unknown_count": 0}
    last = float(asked[-1])
    return {
        "value": None if np.isnan(last) else bool(last),
        "at": int(bars.time[closed - 1]) // 1_000_000,
        "true_count": int(np.count_nonzero(asked == 1.0)),
        "unknown_count": int(np.count_nonzero(np.isnan(asked))),
    }


def _events(
    plan: Plan, bars: Bars, interpreter: Interpreter, start: int, closed: int, keep_open: bool
) -> list[Sequence[Event]]:
    """Return each pattern's events of the asked bars that are over, with their facts.

    `keep_open` asks for those besides that were confirmed before and are still open.
    """
    found = [
        (node, call, _found(call, interpreter, start, keep_open)) for node, calls in plan.patterns for call in calls
    ]
    events: list[Sequence[Event]] = []
    rest: list[Found] = []
    for node, call, part in found:
        if isinstance(part, CROWDS) and not isinstance(node, Events):
            if keep_open and isinstance(part, LateEvents):
                older = part.within(0, closed).before(start)
                events.append([one for one in older if open_until(one, closed) >= closed])
            events.append(part.within(start, closed))
        elif part:
            rest.append((node, call, part))
    if rest:
        events.append(LateShapes(lambda: _told(rest, bars, start, closed, keep_open)))
    return events


def _told(found: Sequence[Found], bars: Bars, start: int, closed: int, keep_open: bool) -> list[Event]:
    """Return the events that are asked for; those that are shapes with their facts, after the others."""
    twins = Twins(one for _, _, part in found if not isinstance(part, CROWDS) for one in part if one.points)
    kept: list[tuple[Event, str | None]] = []
    for node, call, part in found:
        scale = scale_of(call.spec, call.arguments)
        kept += [
            (one, scale)
            for one in (accepted(node, part) if isinstance(node, Events) else part)
            if one.bar < closed and (start <= one.bar or (keep_open and open_until(one, closed) >= closed))
        ]
    drawn = [pair for pair in kept if pair[0].points]
    told = facts_of([one for one, _ in drawn], [scale for _, scale in drawn], bars, twins)
    marks = [one for one, _ in kept if not one.points]
    return marks + [one.with_facts(facts).until(closed) for (one, _), facts in zip(drawn, told, strict=True)]


def _found(call: Call, interpreter: Interpreter, start: int, keep_open: bool) -> Sequence[Event]:
    """Return what the pattern's detector finds: all, but of crowds only those from the bar `start` on may be asked for.

    A candlestick is never open after its bar, so that none before needs to be made for `keep_open`.
    """
    computed = interpreter.of(call)
    if call.spec.detect is None or computed.is_short:
        return ()
    first = 0 if keep_open and call.spec.category != CANDLESTICKS else start
    return call.spec.detect(interpreter.detection_context(call, computed.columns, first))


def _unknown(computed: Computed, first: int) -> int:
    """Return how many values from the bar `first` on are unknown, unless a note says why already."""
    if computed.notes and any(note["code"] in SAY_WHY for note in computed.notes):
        return 0
    found, count = 0, jit[count_unknown]
    for column in computed.columns:
        unknown = count(column, first)
        found = unknown if unknown > found else found
    return found


def _notes(item: Item, computed: Computed, unknown: int) -> list[Note]:
    """Return the item's notes, each once, and one on its unknown values."""
    notes: Sequence[Note] = computed.notes
    if unknown:
        why = item.node.spec.undefined_when if isinstance(item.node, Call) else ""
        notes = [*notes, {"code": "undefined", "count": unknown, "detail": why or "What it works on is unknown."}]
    if len(notes) == 1:
        return [{"code": notes[0]["code"], "entry": item.key, **notes[0]}]
    unique: list[Note] = []
    for note in notes:
        named = {"code": note["code"], "entry": item.key, **note}
        if named not in unique:
            unique.append(named)
    return unique


def _facts(bars: Bars) -> dict[str, Any]:
    return {
        "count": len(bars),
        "first": int(bars.time[0]) // 1_000_000,
        "last": int(bars.time[-1]) // 1_000_000,
        "fingerprint": bars.fingerprint,
        **({} if bars.sessions is None else {"sessions": bars.sessions.fingerprint}),
    }
