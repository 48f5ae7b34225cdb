"""What who trades on events asks besides: volume and trend around them, and which events tell of the same bars."""

from collections.abc import Iterable, Mapping
from math import isfinite

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
        twins = sorted(self._same.get(id(event), ()), key=lambda twin: (twin.bar, twin.name))
        return tuple([twin.id for twin in twins])


def facts_of(event: Event, bars: Bars, twins: Twins, scale: str | None) -> TradeFacts:
    """Return the facts of a shape; `scale` is what scale_of() says of its detector's call."""
    after = event.bar + 1
    return TradeFacts(
        entry=float(bars.open[after]) if after < len(bars) else None,
        volume_ratio=_volume_ratio(bars.volume, event.bar),
        trend_before=_trend_before(event, bars),
        same_as=twins.of(event),
        scale=scale,
    )


def facts_of_forming(event: Event, bars: Bars, scale: str | None) -> TradeFacts:
    """Return the facts of a shape that nothing has confirmed yet."""
    return TradeFacts(trend_before=_trend_before(event, bars), scale=scale)


def _volume_ratio(volume: Floats | None, bar: int) -> float | None:
    if volume is None or bar < VOLUME_BARS:
        return None
    usual = float(volume[bar - VOLUME_BARS : bar].mean())
    ratio = float(volume[bar]) / usual if usual > 0.0 else np.nan
    return round(ratio, 4) if isfinite(ratio) else None


def _trend_before(event: Event, bars: Bars) -> float | None:
    first, atr = event.points[0].bar, average_range(bars.high, bars.low, bars.close, ATR_PERIOD)
    span = min(max(event.points[-1].bar - first, TREND_BARS[0]), TREND_BARS[1])
    if first < span or not atr[first] > 0.0:
        return None
    return round(float((bars.close[first] - bars.close[first - span]) / atr[first]), 4)
