"""What who trades on events asks besides: volume and trend around them, and which events tell of the same bars."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite, isnan

import numpy as np

from analysis.arrays import Floats
from analysis.bars import Bars
from analysis.catalog.entry import Entry
from analysis.catalog.params import Value
from analysis.events import Event, TradeFacts
from analysis.kernels.average_range import average_range

VOLUME_BARS = 20  # before the confirming one, whose mean its volume is held against
TREND_BARS = (20, 200)  # before the first point: as many as the shape has, within these
ATR_PERIOD = 14
SAME = 0.6  # intersection over union of the bars from first to last point
LEVELS = "levels"  # a level, its breakout and its retest lie on the same touches by what they are


def scale_of(spec: Entry, values: Mapping[str, Value]) -> str | None:
    """Return the size that a detector is asked for, "" where it has none; None where another parameter is given.

    What was measured of a detector is of its defaults at each size.
    """
    others = {name: value for name, value in spec.defaults().items() if name != "scale"}
    return str(values.get("scale", "")) if all(values[name] == value for name, value in others.items()) else None


class Twins:
    """Which shapes of a run lie on the same bars, from first to last point."""

    def __init__(self, shapes: Iterable[Event]) -> None:
        order = sorted(shapes, key=lambda event: event.points[0].bar)
        first = np.array([event.points[0].bar for event in order], np.int64)
        last = np.array([event.points[-1].bar for event in order], np.int64)
        width = last - first + 1
        # Two spans that share so much begin no further apart than this.
        reach = (1 - SAME) / SAME * width
        self._same: dict[int, list[Event]] = {}
        for ahead in range(1, len(order)):
            away = first[ahead:] - first[:-ahead]
            if not (away <= reach[:-ahead]).any():
                break
            both = np.minimum(last[ahead:], last[:-ahead]) - first[ahead:] + 1
            for place in np.flatnonzero(both >= SAME * (width[ahead:] + width[:-ahead] - both)).tolist():
                self._join(order[place], order[place + ahead])

    def _join(self, one: Event, other: Event) -> None:
        if one.name == other.name or one.kind == other.kind == LEVELS:
            return
        for event, twin in ((one, other), (other, one)):
            if twin.bar <= event.bar:
                self._same.setdefault(id(event), []).append(twin)

    def of(self, event: Event) -> tuple[str, ...]:
        """Return the ids of those of other names on the bars of one of the shapes, that were known when it was."""
        same = self._same.get(id(event))
        return () if same is None else tuple([twin.id for twin in sorted(same, key=lambda one: (one.bar, one.name))])


def facts_of(events: Sequence[Event], scales: Sequence[str | None], bars: Bars, twins: Twins) -> list[TradeFacts]:
    """Return the facts of each shape; `scales` are what scale_of() says of their detectors' calls.

    Of all shapes of a run at once: there are hundreds, and of few of them arrays cost more than they spare.
    """
    if not events:
        return []
    opens = [float(bars.open[event.bar + 1]) if event.bar + 1 < len(bars) else None for event in events]
    volumes, trends = _volume_ratios(bars.volume, events), _trends_before(events, bars)
    return list(map(TradeFacts, opens, volumes, trends, map(twins.of, events), scales))


def facts_of_forming(events: Sequence[Event], bars: Bars, scale: str | None) -> list[TradeFacts]:
    """Return the facts of shapes that nothing has confirmed yet, each."""
    return [TradeFacts(trend_before=trend, scale=scale) for trend in _trends_before(events, bars)]


def _volume_ratios(volume: Floats | None, events: Sequence[Event]) -> list[float | None]:
    """Return the volume of each confirming bar over the mean before it."""
    if volume is None:
        return [None] * len(events)
    at = np.array([event.bar for event in events], np.int64)
    is_late = at >= VOLUME_BARS
    before = np.where(is_late, at - VOLUME_BARS, 0)[:, None] + np.arange(VOLUME_BARS)
    usual = volume[np.minimum(before, len(volume) - 1)].mean(axis=1)
    ratios = np.divide(volume[at], usual, out=np.full(len(at), np.nan), where=is_late & (usual > 0.0))
    return [round(ratio, 4) if isfinite(ratio) else None for ratio in ratios.tolist()]


def _trends_before(events: Sequence[Event], bars: Bars) -> list[float | None]:
    if not events:
        return []
    first = np.array([event.points[0].bar for event in events], np.int64)
    last = np.array([event.points[-1].bar for event in events], np.int64)
    atr = average_range(bars.high, bars.low, bars.close, ATR_PERIOD)[first]
    span = np.clip(last - first, *TREND_BARS)
    is_known = (first >= span) & (atr > 0.0)
    change = bars.close[first] - bars.close[np.where(is_known, first - span, 0)]
    trends = np.divide(change, atr, out=np.full(len(first), np.nan), where=is_known)
    return [None if isnan(trend) else round(trend, 4) for trend in trends.tolist()]
