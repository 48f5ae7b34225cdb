"""The picture of one symbol of a job: its bars with what was found drawn in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from analysis import Bars, Plan, run
from analysis.arrays import Floats
from analysis.errors import AnalysisError, Fault
from analysis.language.nodes import Call, Node, OutputRef, Series
from jobs import inputs
from jobs.errors import InvalidRequest
from jobs.models import Chunk, Job
from jobs.results import read_result
from market import chart

Columns = dict[str, Floats]
MAX_OVERLAYS, MAX_PANES = 6, 2
BEFORE, AFTER = 25, 45  # bars around one event
ON_PRICE = ("price", "source")


def result_chart(job: Job, *, symbol: str | None = None, last: int = 200, event: str | None = None) -> str:
    """Return an SVG of the symbol's last bars (the job's first symbol by default), or of those around one event.

    Columns in units of the price lie over the candles, the first two others below. Raises InvalidRequest for a symbol
    or an event that the job does not have, ResultNotReady while it is under way.
    """
    symbol = symbol or Chunk.objects.filter(job=job).order_by("position")[0].items[0][0]
    page = read_result(job, symbols=[symbol], limit=1)
    if not page.items:
        why = page.failed[0]["detail"] if page.failed else "It has none."
        raise InvalidRequest([Fault("?symbol", "no_result", f"There is no result of {symbol!r}. {why}")])
    result = page.items[0]
    plan = Plan.parse(job.plan)
    bars = _bars(job, plan, symbol)
    events = result["events"]
    if event is None:
        window = slice(max(0, len(bars) - last), len(bars))
    else:
        events = [one for one in events if one["id"] == event]
        if not events:
            raise InvalidRequest([Fault("?event", "unknown_event", f"The result has no event {event!r}.")])
        window = _around(bars, events[0])
    shown = bars.slice(window.start, window.stop)
    overlays, panes = _columns(plan, result, shown)
    panes |= _oscillators(events, bars, window, panes)
    return chart.draw(shown, events, overlays=overlays, panes=panes, title=symbol)


def _bars(job: Job, plan: Plan, symbol: str) -> Bars:
    for chunk in Chunk.objects.filter(job=job).select_related("job").order_by("position"):
        if any(item[0] == symbol for item in chunk.items):
            loaded = next(inputs.load(chunk, plan, only=symbol))
            if isinstance(loaded, inputs.Missing):
                raise InvalidRequest([Fault("?symbol", loaded.error.code, loaded.error.detail)])
            return loaded.bars
    raise InvalidRequest([Fault("?symbol", "unknown_symbol", f"{symbol!r} is not one of the job's symbols.")])


def _around(bars: Bars, event: Mapping[str, Any]) -> slice:
    times = bars.time // 1_000_000
    first = min([point["time"] for point in event.get("points") or ()] or [event["formed_at"]])
    begin, end = (int(np.searchsorted(times, moment)) for moment in (first, event["confirmed_at"]))
    return slice(max(0, begin - BEFORE), min(len(bars), end + AFTER))


def _columns(plan: Plan, result: Mapping[str, Any], shown: Bars) -> tuple[Columns, Columns]:
    """Return the result's columns on the bars that are shown: those on the price's scale, and some of the others."""
    times = np.array(result["time"], dtype=np.int64)
    wanted = shown.time // 1_000_000
    place = np.minimum(np.searchsorted(times, wanted), max(len(times) - 1, 0))
    known = times[place] == wanted if len(times) else np.zeros(len(wanted), dtype=np.bool_)
    overlays: Columns = {}
    panes: Columns = {}
    for key, on_price in _scales(plan):
        into, most = (overlays, MAX_OVERLAYS) if on_price else (panes, MAX_PANES)
        if len(into) < most and key in result["columns"]:
            column = np.array(result["columns"][key], dtype=np.float64)  # null is NaN
            into[key] = np.where(known, column[place], np.nan)
    return overlays, panes


def _scales(plan: Plan) -> Iterable[tuple[str, bool]]:
    """Yield the keys of the plan's columns and whether they are in the unit of the price."""
    for item in plan.items:
        if not item.keys:  # a pattern answers events
            continue
        node: Node = item.node
        call = node.call if isinstance(node, OutputRef) else node
        if not isinstance(call, Call):
            yield from ((key, False) for key in item.keys)
            continue
        outputs = [
            output for output in call.spec.outputs if not isinstance(node, OutputRef) or output.name == node.output
        ]
        of_price = call.source is None or isinstance(call.source, Series)
        for key, output in zip(item.keys, outputs, strict=True):
            yield key, of_price and output.unit in ON_PRICE


def _oscillators(events: Sequence[Mapping[str, Any]], bars: Bars, window: slice, panes: Columns) -> Columns:
    """Return the columns that divergences were found on and that are not drawn yet."""
    missing = {event["of"]: None for event in events if event.get("of") and event["of"] not in panes}
    found: Columns = {}
    for text in list(missing)[:MAX_PANES]:
        try:
            columns = run(Plan.parse([text]), bars, output="all").columns
        except AnalysisError:  # its bars have become fewer since
            continue
        found[text] = next(iter(columns.values()))[window]
    return found
