"""Where the columns of a result go: over the candles, in a pane of their own, or as marks in a lane."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis import Bars, Plan
from analysis.arrays import Bools, Floats, Ints
from analysis.catalog.entry import Entry, Output
from analysis.items import Item
from analysis.language.call import Call, OutputRef, Series
from analysis.language.grammar import HANDED
from analysis.language.handed import HandedCall, asked_of
from analysis.language.nodes import EventValue, HigherTimeframe, Node
from charts.description import Curve, Event, Lane, Pane, Study
from charts.presentation import LINES, presentation

MAX_OVERLAYS, MAX_PANES, MAX_LANES = 12, 8, 8
MAX_OVERLAID = 24  # columns over the price in all
THEN = 20  # bars after the last time a condition held, in the window that is pointed to
PRICES_OF_EVENTS = ("target", "stop", "entry")


@dataclass(slots=True)
class Placed:
    """The studies by where they go, and the keys of the columns for which there is no room."""

    overlays: list[Study] = field(default_factory=list)
    panes: list[Pane] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Columns:
    """A result's columns, each with a value (or None) for each of its times, and where the shown bars are in them."""

    values: Mapping[str, Sequence[Any] | Floats]
    times_ms: Ints
    at: Ints
    known: Bools

    @classmethod
    def on(cls, shown: Bars, values: Mapping[str, Sequence[Any] | Floats], times_ms: Sequence[int] | Ints) -> "Columns":
        """Return the columns as the shown bars have them; a bar that is not among the times is unknown."""
        times = np.asarray(times_ms, dtype=np.int64)
        wanted = shown.time // 1_000_000
        at = np.minimum(np.searchsorted(times, wanted), max(len(times) - 1, 0))
        known = times[at] == wanted if len(times) else np.zeros(len(wanted), dtype=np.bool_)
        return cls(values, times, at, known)

    def shown(self, key: str) -> Floats:
        """Return a column on the bars that are shown."""
        column = self.values[key]
        if not len(self.times_ms):
            return np.full(len(self.at), np.nan)
        picked = column[self.at] if isinstance(column, np.ndarray) else [column[place] for place in self.at.tolist()]
        return np.where(self.known, np.array(picked, dtype=np.float64), np.nan)  # null is NaN

    def whole(self, key: str) -> Floats:
        """Return a column on all the bars that the result has."""
        return np.array(self.values[key], dtype=np.float64)


def place(plan: Plan, columns: Columns, only: Collection[str] | None = None) -> Placed:
    """Return where the plan's columns go, those of `only` if that is given; those without room are in `left_out`."""
    placed = Placed()
    dependent: list[tuple[Node, Study]] = []
    for item in plan.items:
        keys = [key for key in item.keys if key in columns.values and (only is None or key in only)]
        if not keys:  # a pattern answers events
            continue
        if item.kind == "signal":
            for key in keys:
                _add_lane(placed, _condition(key, columns))
            continue
        for output, pane, study in _studies(item, keys, columns):
            if pane == "marker":
                _add_lane(placed, _direction(study, output))
            elif pane == "overlay" and _is_of_price(item.node):
                overlaid = sum(len(one.curves) for one in placed.overlays)
                most = MAX_OVERLAYS if overlaid + len(study.curves) <= MAX_OVERLAID else 0
                _add(placed, placed.overlays, study, most, study)
            elif pane == "overlay":
                dependent.append((item.node, study))
            else:
                _add(placed, placed.panes, Pane([study]), MAX_PANES, study)
    for node, study in dependent:
        below = _pane_of_source(node, placed)
        if below is None:
            _add(placed, placed.panes, Pane([study]), MAX_PANES, study)
        else:
            below.studies.append(study)
    return placed


def missing_oscillators(events: Sequence[Event], panes: Sequence[Pane]) -> list[str]:
    """Return what the events were found on besides the price and no pane shows."""
    drawn = {curve.key for pane in panes for study in pane.studies for curve in study.curves}
    return list({event["of"]: None for event in events if event.get("of") and event["of"] not in drawn})[:MAX_PANES]


def _add(placed: Placed, into: list[Any], one: Any, most: int, study: Study) -> None:
    if len(into) < most:
        into.append(one)
    else:
        placed.left_out += [curve.key for curve in study.curves]


def _add_lane(placed: Placed, lane: Lane) -> None:
    if len(placed.lanes) < MAX_LANES:
        placed.lanes.append(lane)
    else:
        placed.left_out.append(lane.name)


def _condition(key: str, columns: Columns) -> Lane:
    """Return where it holds, with how often, and when last if that is not among the bars that are shown."""
    values, whole = columns.shown(key), columns.whole(key)
    here, places = int((values == 1.0).sum()), np.flatnonzero(whole == 1.0)
    known = int(np.isfinite(values).sum())
    note = f"on {here} of {known} bars"
    if not here and len(places):
        after = min(int(places[-1]) + THEN, len(whole) - 1)
        last, end = (_written(int(columns.times_ms[place])) for place in (places[-1], after))
        note = f"0 of {len(places)} in this window, last {last.replace('T00:00:00Z', '')}: end={end}"
    return Lane(key, values, note)


def _direction(study: Study, output: Output | None) -> Lane:
    values = study.curves[0].values
    up, down, known = (int(these.sum()) for these in (values > 0, values < 0, np.isfinite(values)))
    if output is not None and output.low == 0:
        return Lane(study.curves[0].key, values, f"on {up} of {known} bars")
    return Lane(study.curves[0].key, values, f"up on {up}, down on {down} of {known} bars", "")


def _written(moment_ms: int) -> str:
    """Return a moment as the API takes it."""
    return f"{np.datetime_as_string(np.datetime64(moment_ms, 'ms'), unit='s')}Z"


def _studies(item: Item, keys: Sequence[str], columns: Columns) -> Iterator[tuple[Output | None, str, Study]]:
    """Yield what the item's columns are, those of one unit together: output, place and study."""
    node = _bare(item.node)
    call = node.call if isinstance(node, OutputRef) else node
    if not isinstance(call, Call):
        if keys:
            pane = "overlay" if _is_of_price(node) else "own"
            yield None, pane, _lines(item, node, keys, columns)
        return
    named = node.output if isinstance(node, OutputRef) else None
    outputs = [output for output in call.spec.outputs if named in (None, output.name)]
    groups: dict[tuple[str, str], list[tuple[Output, Curve]]] = {}
    for key, output in zip(item.keys, outputs, strict=True):
        if key in keys:
            pane, style = presentation(call.spec, output)
            where = ("marker", key) if (pane, style) == ("own", "marker") else (pane, output.unit)
            name = output.name if len(call.spec.outputs) > 1 else ""
            groups.setdefault(where, []).append((output, Curve(key, name, style, columns.shown(key))))
    for (pane, _), members in groups.items():
        curves = tuple(curve for _, curve in members)
        yield members[0][0], pane, _study(item, call.spec, [output for output, _ in members], curves)


def _lines(item: Item, node: Node, keys: Sequence[str], columns: Columns) -> Study:
    """Return the study of what is no entry of the catalogue: a line, or one for each output."""
    names = node.outputs if isinstance(node, HandedCall) else ("",)
    named = zip(item.keys, names, strict=True)
    curves = tuple(Curve(key, name, "line", columns.shown(key)) for key, name in named if key in keys)
    return Study(curves[0].key if len(curves) == 1 else item.key, curves)


def _study(item: Item, entry: Entry, outputs: Sequence[Output], curves: tuple[Curve, ...]) -> Study:
    """Return the study of these outputs; its scale is fixed if all have the same two bounds."""
    bounds = {(output.low, output.high) for output in outputs}
    low, high = bounds.pop() if len(bounds) == 1 else (None, None)
    if low is None or high is None:
        low = high = None
    name = curves[0].key if len(curves) == 1 else item.key
    first = outputs[0] is entry.outputs[0]
    return Study(name, curves, LINES.get(entry.name, ()) if first else (), low, high, entry.category == "levels")


def _bare(node: Node) -> Node:
    return _bare(node.node) if isinstance(node, HigherTimeframe) else node


def _is_of_price(node: Node) -> bool:
    """Return whether a node is a price, so that what lies over it lies over the candles."""
    node = _bare(node)
    if isinstance(node, HandedCall):
        return HANDED[node.word].is_of_prices
    if isinstance(node, Series):
        return HANDED[asked_of(node.name)[0]].is_of_prices if node.is_handed else node.name != "volume"
    if isinstance(node, EventValue):
        return node.attribute in PRICES_OF_EVENTS
    call = node.call if isinstance(node, OutputRef) else node
    if not isinstance(call, Call):
        return False
    named = node.output if isinstance(node, OutputRef) else None
    is_over = any(
        presentation(call.spec, output).pane == "overlay"
        for output in call.spec.outputs
        if named in (None, output.name)
    )
    return is_over and (call.source is None or _is_of_price(call.source))


def _pane_of_source(node: Node, placed: Placed) -> Pane | None:
    """Return the pane that shows what the node is computed from."""
    node = _bare(node)
    call = node.call if isinstance(node, OutputRef) else node
    text = call.source.text if isinstance(call, Call) and call.source is not None else ""
    for pane in placed.panes:
        if any(curve.key == text for study in pane.studies for curve in study.curves):
            return pane
    return None
