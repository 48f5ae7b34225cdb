"""Run a plan over bars: every column computed once, NaN never turned into a number."""

import time
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.bars import Bars
from analysis.errors import InsufficientHistory
from analysis.events import Event
from analysis.expression import Call
from analysis.plan import Item, Plan
from analysis.result import Result

Floats = NDArray[np.float64]
VERSION = "1.1.0"


def run(plan: Plan, bars: Bars, *, now_ns: int | None = None, output: Literal["last", "all"] | int = "all") -> Result:
    """Return the plan's columns and events on these bars, the last bar's only, the last n bars' or all.

    `now_ns` (int64 ns UTC, default: the clock) decides whether the last bar is over. Raises InsufficientHistory when
    not one entry can be computed; an entry that cannot is a column of NaN with a note in `quality`.
    """
    began = time.perf_counter()
    if len(bars) <= plan.warmup:
        raise InsufficientHistory(f"{len(bars)} bars; the least that any of the analyses needs is {plan.warmup + 1}.")
    pass_ = _Pass(bars)
    columns: dict[str, Floats] = {}
    events: list[Event] = []
    for item in plan.items:
        if item.call.spec.kind == "pattern":
            events += item.call.spec.compute(bars)
        else:
            columns.update(pass_.columns(item))
    now_ns = time.time_ns() if now_ns is None else now_ns
    provisional = not bars.last_closed(now_ns)
    if provisional:
        events = [event for event in events if event.bar < len(bars) - 1]
        pass_.quality.append(
            {"code": "provisional_last_bar", "detail": "The last bar is still open; its values may change."}
        )
    count = len(bars) if output == "all" else 1 if output == "last" else min(output, len(bars))
    start = len(bars) - count
    return Result(
        symbol=bars.symbol,
        timeframe=bars.timeframe,
        time=bars.time[start:],
        columns={key: column[start:] for key, column in columns.items()},
        bars=_facts(bars),
        engine=VERSION,
        events=sorted((e for e in events if e.bar >= start), key=lambda e: (e.confirmed_at, e.name)),
        quality=pass_.quality,
        provisional=provisional,
        timings_ms={"compute": round((time.perf_counter() - began) * 1e3, 3)},
    )


def _facts(bars: Bars) -> dict[str, Any]:
    return {
        "count": len(bars),
        "first": int(bars.time[0]) // 1_000_000,
        "last": int(bars.time[-1]) // 1_000_000,
        "fingerprint": bars.fingerprint,
    }


class _Pass:
    """One run over one symbol: what is computed is kept by its canonical text and shared."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._done: dict[Call, tuple[Floats, ...]] = {}
        self._series: dict[str, Floats | None] = {}
        self.quality: list[dict[str, Any]] = []

    def columns(self, item: Item) -> dict[str, Floats]:
        spec = item.call.spec
        computed = self._compute(item.call, item.key)
        if len(computed) == 1:
            return {item.key: computed[0]}
        return {f"{item.key}.{output.name}": column for output, column in zip(spec.outputs, computed, strict=True)}

    def _compute(self, call: Call, key: str) -> tuple[Floats, ...]:
        if call in self._done:
            return self._done[call]
        spec, values = call.spec, dict(call.values)
        unknown = tuple(np.full(len(self._bars), np.nan) for _ in spec.outputs)
        inputs = [self._input(name, call, key) for name in spec.inputs]
        warmup = spec.warmup(values)
        if any(column is None for column in inputs):
            self.quality.append({"code": "no_volume", "entry": key, "detail": "The bars have no volume."})
            computed = unknown
        elif len(self._bars) <= warmup:
            detail = f"{len(self._bars)} bars; {warmup + 1} are needed."
            self.quality.append({"code": "insufficient_history", "entry": key, "detail": detail})
            computed = unknown
        else:
            computed = _by_runs(call, [column for column in inputs if column is not None], warmup, unknown)
            self._note(call, key, len(self._bars))
        self._done[call] = computed
        return computed

    def _note(self, call: Call, key: str, count: int) -> None:
        spec, values = call.spec, dict(call.values)
        if spec.history == "converging" and spec.converged_after and count < spec.converged_after(values):
            self.quality.append({"code": "converging", "entry": key, "detail": "The seed still weighs more than 1e-6."})
        if spec.history == "cumulative":
            anchored = int(self._bars.time[0]) // 1_000_000
            self.quality.append({"code": "anchored", "entry": key, "anchored_at": anchored})

    def _input(self, name: str, call: Call, key: str) -> Any:
        if name != "source":
            return self._column(name)
        if isinstance(call.source, Call):
            return self._compute(call.source, key)[0]
        return self._column(call.source or "close")

    def _column(self, name: str) -> Any:
        if name not in self._series:
            bars = self._bars
            if name == "hl2":
                self._series[name] = (bars.high + bars.low) / 2
            elif name == "hlc3":
                self._series[name] = (bars.high + bars.low + bars.close) / 3
            elif name == "ohlc4":
                self._series[name] = (bars.open + bars.high + bars.low + bars.close) / 4
            else:
                self._series[name] = getattr(bars, name)
        return self._series[name]


def _by_runs(call: Call, inputs: list[Floats], warmup: int, unknown: tuple[Floats, ...]) -> tuple[Floats, ...]:
    """Compute on every stretch without NaN in the inputs and leave the rest unknown.

    Inside a stretch nothing knows of what was before the gap, so a NaN costs a new warm-up and never becomes a number.
    """
    known = np.isfinite(inputs[0])
    for column in inputs[1:]:
        known &= np.isfinite(column)
    values = dict(call.values)
    if known.all():
        return _computed(call, inputs, values, warmup)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])).astype(np.int8)))
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        if stop - start > warmup:
            part = _computed(call, [np.ascontiguousarray(column[start:stop]) for column in inputs], values, warmup)
            for whole, piece in zip(unknown, part, strict=True):
                whole[start:stop] = piece
    return unknown


def _computed(call: Call, inputs: list[Floats], values: dict[str, Any], warmup: int) -> tuple[Floats, ...]:
    got = call.spec.compute(*inputs, **values)
    return got if isinstance(got, tuple) else (got,)
