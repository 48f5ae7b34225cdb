"""The bars of a chunk's symbols, in the job's own words: inline from its blob, stored from the market."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from analysis import Bars, Plan
from jobs import benchmarks, inline_bars, outcomes_asked, storage
from jobs.models import Chunk
from market import selectors as market
from market.errors import MarketError, SeriesChanged, SeriesNotFound
from market.time_conversion import to_ns


@dataclass(frozen=True, slots=True)
class Loaded:
    """One symbol's bars up to the asked end, and how many of the last ones were asked for.

    `exact` is False when the series, or that of the benchmark, changed after the job was accepted, so the answer is
    right but is not the one that the job's fingerprint names. `usual_step_seconds` is known of stored bars that were
    asked for up to now.
    """

    symbol: str
    bars: Bars
    asked: int
    exact: bool = True
    benchmark: Bars | None = None
    usual_step_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    symbol: str
    error: MarketError


def load(chunk: Chunk, plan: Plan, only: str | None = None) -> Iterator[Loaded | Missing]:
    """Yield the bars of every symbol of the chunk, or of one, or why there are none; stored series in a few queries.

    What the plan needs before the asked range is loaded with it.
    """
    job = chunk.job
    items = [item for item in chunk.items if only is None or item[0] == only]
    try:
        second = benchmarks.load(job)
    except MarketError as gone:
        for symbol, *_ in items:
            yield Missing(symbol, gone)
        return
    if job.is_inline and job.bars_blob is not None:
        bars = inline_bars.unpack(storage.unpack(job.bars_blob))
        yield _cut(chunk.items[0][0], bars, job.request, exact=True, second=second)
        return
    for symbol, series_id, *_ in items:
        if series_id is None:
            yield Missing(symbol, SeriesNotFound(f"There are no {job.timeframe} bars of {symbol}."))
    symbols = {series_id: symbol for symbol, series_id, *_ in items if series_id is not None}
    fingerprints = {series_id: fingerprint for _, series_id, fingerprint, _ in items if series_id is not None}
    last = _bars_needed(job.request, plan, job.timeframe)
    zones = {} if second is None else market.zones(list(symbols))
    left: dict[int, MarketError] = {
        series_id: SeriesNotFound(f"The {job.timeframe} bars of {symbol} were deleted.")
        for series_id, symbol in symbols.items()
    }
    steps: dict[int, int] = {}

    def cut(series_id: int, bars: Bars, *, exact: bool) -> Loaded:
        del left[series_id]
        zone, step = zones.get(series_id), steps.get(series_id)
        return _cut(symbols[series_id], bars, job.request, exact=exact, second=second, zone=zone, step=step)

    told: dict[str, Any] = {"last": last, "on_fault": left.__setitem__, "on_step": steps.__setitem__}
    for series_id, bars in market.load_many(list(symbols), fingerprints=fingerprints, **told):
        yield cut(series_id, bars, exact=True)
    changed = [series_id for series_id, error in left.items() if isinstance(error, SeriesChanged)]
    for series_id, bars in market.load_many(changed, **told):
        yield cut(series_id, bars, exact=False)
    for series_id, error in left.items():
        yield Missing(symbols[series_id], error)


def _bars_needed(request: Mapping[str, Any], plan: Plan, timeframe: str) -> int | None:
    """Return how many of the last stored bars do for the asked range, or None for the whole series."""
    if "start" in request or "end" in request:
        return None
    if outcomes_asked.asks(request.get("analyses", ())):
        return None  # what is said of an event must not hang on how many bars are asked for
    output = request["output"]
    wanted = [request["last"]] if "last" in request else []
    if output != "all":
        wanted.append(1 if output == "last" else output)
    history = plan.history(timeframe)
    return None if history is None or not wanted else min(wanted) + history


def _cut(
    symbol: str,
    bars: Bars,
    request: Mapping[str, Any],
    *,
    exact: bool,
    second: benchmarks.Second | None,
    zone: str | None = None,
    step: int | None = None,
) -> Loaded:
    benchmark = None
    if second is not None:
        exact = exact and second.exact
        if len(bars):
            bars, benchmark = second.beside(bars, zone)
    if "end" in request:
        bars = bars.slice(0, _position(bars, request["end"]))
        step = None  # who asks for the past has no newest bar
    asked = len(bars)
    if "start" in request:
        asked -= _position(bars, request["start"])
    if "last" in request:
        asked = min(asked, request["last"])
    output = request["output"]
    if output != "all":
        asked = min(asked, 1 if output == "last" else output)
    return Loaded(symbol, bars, asked, exact, benchmark, step)


def _position(bars: Bars, moment: str) -> int:
    """Return the index of the first bar at or after an ISO 8601 moment."""
    return int(np.searchsorted(bars.time, to_ns(datetime.fromisoformat(moment)), side="left"))
