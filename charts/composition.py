"""Bars and a result in, the description of a picture out."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from analysis import Bars, Plan, run
from analysis.arrays import Floats, Ints
from analysis.errors import AnalysisError
from charts import panes, windows
from charts.description import Chart, Event, Lane, Pane
from charts.selection import Selection, names_of, select

NAMED_LEFT_OUT = 6
MAX_ARROWS = 30  # candlesticks with an arrow and a name each; more are marks in lanes


class UnknownEvent(LookupError):
    """There is no event of this id."""


def compose(
    bars: Bars,
    *,
    plan: Plan | None = None,
    columns: Mapping[str, Sequence[Any] | Floats] | None = None,
    times_ms: Sequence[int] | Ints = (),
    events: Sequence[Event] = (),
    only: Collection[str] | None = None,
    event: str | None = None,
    last: int = 200,
    end_ms: int | None = None,
    title: str | None = None,
    notes: Sequence[str] = (),
) -> Chart:
    """Return the last bars, those before `end_ms`, or those around one event, with what was computed and found.

    `columns` have a value for each of `times_ms`; `only` names those to draw. Events are as Event.to_dict() has them.
    Raises ValueError for no bars, UnknownEvent for an event that is not among the events.
    """
    if not len(bars):
        raise ValueError("There are no bars to draw.")
    if event is None:
        chosen = select(bars, windows.last(bars, last, end_ms), events)
    else:
        chosen = _one(bars, next((one for one in events if one["id"] == event), None), event)
    shown = bars.slice(chosen.window.start, chosen.window.stop)
    chart = Chart(bars.symbol or "" if title is None else title, shown, notes=[*notes])
    chart.shapes, chart.candlesticks = chosen.shapes, chosen.candlesticks
    if plan is not None:
        held = panes.Columns.on(shown, columns or {}, times_ms)
        placed = panes.place(plan, held, only)
        chart.overlays, chart.panes, chart.lanes = placed.overlays, placed.panes, placed.lanes
        chart.notes += _left_out(placed.left_out)
        if placed.overlays or placed.panes or placed.lanes:
            chart.notes += _short(held)
    if len(chart.candlesticks) > MAX_ARROWS:
        chart.lanes += _by_side(chart)
        chart.candlesticks = []
    missing = panes.missing_oscillators(chart.shapes, chart.panes)
    chart.panes += list(_computed(missing[: panes.MAX_PANES - len(chart.panes)], bars, chosen.window))
    chart.notes += chosen.notes
    return chart


def _one(bars: Bars, event: Event | None, name: str) -> Selection:
    if event is None:
        raise UnknownEvent(name)
    window = windows.around(bars, event)
    alone = [event]
    if not event.get("points"):
        return Selection(window, candlesticks=alone)
    if windows.position(bars, windows.first_ms(event)) < window.start:
        return Selection(window, notes=[f"{event['name']} begins before the {windows.MAX_BARS} bars of a picture."])
    return Selection(window, shapes=alone)


def _by_side(chart: Chart) -> Iterator[Lane]:
    """Yield a lane of the candlesticks of each side."""
    for side, sign in (("bullish", 1.0), ("bearish", -1.0), ("neutral", 1.0)):
        found = [one for one in chart.candlesticks if one["side"] == side]
        if found:
            values = np.zeros(len(chart.bars))
            values[[windows.position(chart.bars, int(one["confirmed_at"])) for one in found]] = sign
            yield Lane(f"{len(found)} {side} candlesticks", values, names_of(found), side)


def _left_out(keys: Sequence[str]) -> list[str]:
    if not keys:
        return []
    more = len(keys) - NAMED_LEFT_OUT
    named = ", ".join(keys[:NAMED_LEFT_OUT]) + (f" and {more} more" if more > 0 else "")
    return [f"No room for {named}; choose with columns="]


def _short(held: panes.Columns) -> list[str]:
    """Say from when on there are values, where a result has fewer bars than are shown."""
    missing = len(held.known) - int(np.count_nonzero(held.known))
    return [f"The result has values on {len(held.known) - missing} of these {len(held.known)} bars."] if missing else []


def _computed(analyses: Sequence[str], bars: Bars, window: slice) -> Iterator[Pane]:
    """Yield a pane of each analysis on the bars of the window."""
    for text in analyses:
        plan = Plan.parse([text])
        try:
            result = run(plan, bars, output="all")
        except AnalysisError:  # its bars have become fewer since
            continue
        held = panes.Columns.on(bars.slice(window.start, window.stop), result.columns, result.time // 1_000_000)
        yield from panes.place(plan, held).panes
