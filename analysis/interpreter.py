"""The values of a tree's nodes on bars: each computed once, NaN never turned into a number."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.alignment import aligned
from analysis.arrays import Bools, Floats
from analysis.bars import PRICES, Bars
from analysis.catalog.entry import Columns, DetectionContext
from analysis.computed import Carried, Computed, Note
from analysis.events import Event
from analysis.language.call import Call, OutputRef, Series
from analysis.language.handed import HandedCall
from analysis.language.nodes import Events, EventValue, HigherTimeframe, Node, Number, Operation
from analysis.language.parser import parse
from analysis.occurrences import attribute, confirmed
from analysis.operations import is_always_known, operated, remark
from analysis.price_series import ALWAYS_KNOWN, BY_SESSION, DAYS_ASSUMED, NOT_HANDED, BarColumns, sound_since_session
from analysis.resampling import HigherBars, is_higher, resample
from analysis.timeframe import BARS_A_YEAR, DAY_NS, LENGTH_NS, SESSIONS_A_YEAR, bars_a_year

WITHOUT_INPUT = ("no_volume", "no_benchmark", "not_handed", "insufficient_history")
ALIGNED_BY_TIME = {
    "code": "benchmark_by_time",
    "detail": "No sessions were given: bars that begin at the same time were taken to close together.",
}


class Interpreter:
    """One run over one symbol's bars: what was computed is kept and shared by whatever means the same."""

    def __init__(
        self,
        bars: Bars,
        benchmark: Bars | None = None,
        carried: Mapping[str, Carried] | None = None,
        handed: Mapping[str, Floats] | None = None,
    ) -> None:
        self._bars = bars
        self._columns = BarColumns(bars)
        self._count = len(bars)
        self._carried = carried or {}
        self._benchmark, self._handed = benchmark, handed or {}
        self._done: dict[str, Computed] = {}
        self._higher: dict[str, tuple[HigherBars, Interpreter | None]] = {}
        self._shared: dict[Hashable, Any] = {}
        self._by_time = benchmark is not None and bars.sessions is None and benchmark.sessions is None
        self._is_assumed = bars.session is None and LENGTH_NS.get(bars.timeframe, DAY_NS) < DAY_NS

    def of(self, node: Node) -> Computed:
        """Return the node's columns and notes."""
        done = self._done.get(node.means)
        if done is None:
            done = self._done[node.means] = self._call(node) if type(node) is Call else self._compute(node)
        return done

    def detection_context(self, call: Call, columns: Columns, start: int = 0) -> DetectionContext:
        """Return what a pattern's detector is given; detectors of one run share what they find out about the bars."""
        return DetectionContext(self._bars, columns, call.arguments, self._shared, self._column, start)

    def _events(self, node: Events) -> Iterator[tuple[int, Sequence[Event]]]:
        """Yield the warm-up and the events of each call, all that there are on the bars."""
        for call in node.calls:
            computed = self.of(call)
            if call.spec.detect is None or computed.is_short:
                yield self._count, ()
            else:
                yield call.warmup, call.spec.detect(self.detection_context(call, computed.columns))

    def _column(self, text: str) -> Floats:
        return self.of(parse(text, "")).columns[0]

    def _compute(self, node: Node) -> Computed:
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, OutputRef):
            whole = self.of(node.call)
            place = [output.name for output in node.call.spec.outputs].index(node.output)
            return Computed((whole.columns[place],), whole.notes, whole.is_short)
        if isinstance(node, Operation):
            parts = [self.of(part) for part in node.parts]
            column = operated(node, [part.columns[0] for part in parts])
            said = remark(node)
            is_short = all(part.is_short for part in parts) and not is_always_known(node)
            return Computed((column,), _each_once([*parts, Computed((), [said])] if said else parts), is_short)
        if isinstance(node, Events):
            calls = [self.of(call) for call in node.calls]
            column = confirmed(node, self._events(node), self._count)
            return Computed((column,), _each_once(calls), all(call.is_short for call in calls))
        if isinstance(node, EventValue):
            events = self.of(node.events)
            column = attribute(node.events, node.attribute, self._events(node.events), self._count)
            return Computed((column,), events.notes, events.is_short)
        if isinstance(node, Number):
            return Computed((np.full(len(self._bars), node.value),))
        if isinstance(node, HigherTimeframe):
            return self._on_higher(node)
        if isinstance(node, HandedCall):
            parts = [self.of(part) for part in node.parts]
            return Computed(tuple([part.columns[0] for part in parts]), _each_once(parts))
        if not isinstance(node, Series):
            raise TypeError(f"{type(node).__name__} has no values.")
        if node.is_handed:
            given = self._handed.get(node.name)
            return Computed((self._unknown(),), [NOT_HANDED]) if given is None else Computed((given,))
        series = self._series(node.name)
        if series is not None and node.name in ALWAYS_KNOWN:
            return Computed((series,), is_whole=True)
        if series is not None and node.name == "day_of_week" and self._is_assumed:
            return Computed((series,), [DAYS_ASSUMED], is_whole=True)
        if node.name == "bars_a_year" and series is not None:
            return Computed((series,), self._year(), is_whole=True)
        if node.name == "benchmark" and (series is None or np.isnan(series).all()):
            detail = "There is no second series." if series is None else "The second series has none of these times."
            return Computed((self._unknown(),), [{"code": "no_benchmark", "detail": detail}])
        if node.name == "benchmark" and self._by_time and series is not None:
            return Computed((series,), [ALIGNED_BY_TIME], is_whole=bool(np.isfinite(series).all()))
        finite = None if series is None else np.isfinite(series)
        if node.name == "day_of_week" and finite is not None and not finite.all():
            return Computed(
                (self._unknown(),), [{"code": "undefined", "detail": "The sessions are numbered, not dated."}]
            )
        if series is None or finite is None or (node.name == "volume" and not finite.any()):
            return Computed((self._unknown(),), [{"code": "no_volume", "detail": "The bars have no volume."}])
        return Computed((series,), is_whole=bool(finite.all()))

    def _year(self) -> list[Note]:
        """Return what there is to say of the bars that a year has: of sessions shorter than a day nothing is known."""
        timeframe = self._bars.timeframe
        if timeframe in BARS_A_YEAR:
            return []
        taken = f"{SESSIONS_A_YEAR} sessions of 24 hours, {bars_a_year(timeframe):,.0f} bars of {timeframe}"
        return [{"code": "bars_per_year_assumed", "detail": f"A year was taken as {taken}; bars_per_year says it."}]

    def _on_higher(self, node: HigherTimeframe) -> Computed:
        """Compute on the bars of the higher timeframe and give each bar the newest value that is known then."""
        if not is_higher(node.timeframe, self._bars.timeframe):
            detail = f"{node.timeframe} is no higher timeframe than that of the bars, {self._bars.timeframe}."
            return Computed(self._unknowns(node.node), [{"code": "not_higher", "detail": detail}])
        if node.timeframe not in self._higher:
            made = resample(self._bars, node.timeframe)
            second = None if self._benchmark is None else resample(self._benchmark, node.timeframe).bars
            self._higher[node.timeframe] = made, None if made.bars is None else Interpreter(made.bars, second)
        made, interpreter = self._higher[node.timeframe]
        if interpreter is None:
            note = {"code": "insufficient_history", "detail": f"No {node.timeframe} bar is over."}
            return Computed(self._unknowns(node.node), [note], is_short=True)
        computed = interpreter.of(node.node)
        known = made.place >= 0
        columns = tuple(np.where(known, column[made.place], np.nan) for column in computed.columns)
        assumed = [DAYS_ASSUMED] if self._is_assumed and LENGTH_NS.get(node.timeframe, DAY_NS) >= DAY_NS else []
        return Computed(columns, [*computed.notes, *assumed], computed.is_short)

    def _unknowns(self, node: Node) -> Columns:
        count = len(node.spec.outputs) if isinstance(node, Call) else 1
        return tuple(self._unknown() for _ in range(count))

    def _call(self, call: Call) -> Computed:
        spec, warmup, names = call.spec, call.warmup, call.columns
        notes: list[Note] = [{"code": "deprecated", "detail": spec.deprecated}] if spec.deprecated else []
        known_whole = self._bars.is_volume_whole or not call.takes_volume
        if names is not None and known_whole and self._count > warmup and not self._carried:
            # The short way of most entries: nothing is unknown of what they work on.
            found = call.compute(*call.take(self._columns))
            if call.remembers_its_start:
                notes += self._remarks(call, self._count, 0)
            if self._is_assumed and not BY_SESSION.isdisjoint(names):
                notes = [*notes, DAYS_ASSUMED]
            return Computed(found if isinstance(found, tuple) else (found,), notes, False, not spec.undefined_when)
        inputs: list[Floats] = []
        known: Bools | None = None
        for name in spec.inputs:
            if name in PRICES:
                # Finite by validation; whatever else there is may hold unknown values.
                inputs.append(getattr(self._bars, name))
                continue
            if name == "bars_a_year" and call.arguments.get("bars_per_year"):
                inputs.append(self._columns[name])  # nothing is assumed where it is said
                continue
            if name == "volume_if_any":
                # The entry does without it, and sees itself to what is unknown.
                inputs.append(self._unknown() if self._bars.volume is None else self._bars.volume)
                continue
            part = self.of(call.source if name == "source" and call.source is not None else Series(name))
            inputs.append(part.columns[0])
            notes += part.notes
            # A source that is an entry is unknown in its warm-up, however whole it is afterwards.
            if not part.is_whole or (name == "source" and not isinstance(call.source, Series)):
                known = _both(known, part.columns[0])
        if self._is_assumed and not BY_SESSION.isdisjoint(spec.inputs):
            notes.append(DAYS_ASSUMED)
        count = self._count
        carried = self._carried.get(call.text) if self._carried else None
        if carried is not None and np.isnan(carried.values).any():
            return Computed(self._unknowns(call), [*notes, _anchored(carried.anchored_at)])
        if known is not None and "session" in spec.inputs:
            known = sound_since_session(known, inputs[spec.inputs.index("session")])
        begins = 0 if known is None else int(np.argmax(known)) if known.any() else count
        if count - begins <= warmup:
            nowhere = begins == count and count > warmup
            return self._without(spec.outputs, notes, None if nowhere else min(begins, count) + warmup + 1)
        if known is None:
            columns = _tuple(spec.compute(*inputs, **call.arguments))
        else:
            columns = self._by_stretches(call, inputs, known)
        if carried is not None:
            columns = tuple(
                column + (total - column[warmup]) if spec.accumulates == "sum" else column * (total / column[warmup])
                for column, total in zip(columns, carried.values, strict=True)
            )
        if call.remembers_its_start:
            notes = [*notes, *self._remarks(call, count - begins, begins)]
        return Computed(columns, notes, is_whole=known is None and not spec.undefined_when)

    def _without(self, outputs: Sequence[object], notes: list[Note], needed: int | None) -> Computed:
        """Return columns of NaN with the reason: what the inputs lack, too few bars, or a source that is unknown."""
        count = len(self._bars)
        if not any(note["code"] in WITHOUT_INPUT for note in notes):
            if needed is None:
                notes.append({"code": "undefined", "detail": "What it works on is nowhere known."})
            else:
                notes.append({"code": "insufficient_history", "detail": f"{count} bars; {needed} are needed."})
        is_short = any(note["code"] == "insufficient_history" for note in notes)
        return Computed(tuple(self._unknown() for _ in outputs), notes, is_short)

    def _by_stretches(self, call: Call, inputs: list[Floats], known: Bools) -> Columns:
        """Compute on every stretch without NaN in the inputs and leave the rest unknown.

        Inside a stretch nothing knows of what was before the gap, so a NaN costs a new warm-up. A running total does
        not survive a gap: what was added in it is unknown for ever.
        """
        unknown, values = self._unknowns(call), call.arguments
        edges = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])).astype(np.int8)))
        stretches = list(zip(edges[::2], edges[1::2], strict=True))
        for start, stop in stretches[:1] if call.spec.history == "cumulative" else stretches:
            if stop - start > call.warmup:
                part = _tuple(call.spec.compute(*(np.ascontiguousarray(c[start:stop]) for c in inputs), **values))
                for whole, piece in zip(unknown, part, strict=True):
                    whole[start:stop] = piece
        return unknown

    def _remarks(self, call: Call, count: int, begins: int) -> list[Note]:
        spec, needed = call.spec, call.converged_after
        if count < needed:
            detail = f"The first bars still weigh more than 1e-6; {begins + needed} bars are needed."
            return [{"code": "converging", "converging": True, "detail": detail}]
        if spec.history == "cumulative":
            carried = self._carried.get(call.text) if self._carried else None
            return [_anchored(carried.anchored_at if carried else int(self._bars.time[begins]) // 1_000_000)]
        return []

    def _series(self, name: str) -> Floats | None:
        if name == "benchmark":
            return None if self._benchmark is None else aligned(self._benchmark, self._bars)
        column: Floats | None = self._columns[name]
        return column

    def _unknown(self) -> Floats:
        return np.full(len(self._bars), np.nan)


def _each_once(parts: Sequence[Computed]) -> list[Note]:
    """Return the notes of all parts, a note that several have once."""
    return list({id(note): note for part in parts for note in part.notes}.values())


def _anchored(at: int) -> Note:
    return {"code": "anchored", "anchored_at": at, "detail": "A running total from this bar on."}


def _both(known: Bools | None, column: Floats) -> Bools | None:
    """Return where the column is finite and what was known is; None where that is everywhere."""
    finite = np.isfinite(column)
    if finite.all():
        return known
    return finite if known is None else known & finite


def _tuple(columns: Floats | Columns) -> Columns:
    return columns if isinstance(columns, tuple) else (columns,)
