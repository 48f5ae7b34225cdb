"""What a picture shows, as a plain structure: SVG is drawn from it, and a page can draw `to_dict()`.

All columns are as long as the bars; what is unknown is NaN, and null in to_dict().
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis import Bars
from analysis.arrays import Floats
from charts.presentation import Style

Event = Mapping[str, Any]
ENDED = ("stop", "expired", "failed")


@dataclass(frozen=True, slots=True)
class Curve:
    """One column. `name` is its output's, "" if its analysis has no other."""

    key: str
    name: str
    style: Style
    values: Floats


@dataclass(frozen=True, slots=True)
class Study:
    """The columns of one analysis on one scale, the values where lines are drawn, and the scale if it is fixed.

    Of `is_levels` each column is a level that stays for a while and is another then.
    """

    name: str
    curves: tuple[Curve, ...]
    lines: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None
    is_levels: bool = False


@dataclass(slots=True)
class Pane:
    """A strip below the price with a scale of its own; what is computed from a study in it lies over that study."""

    studies: list[Study]


@dataclass(frozen=True, slots=True)
class Lane:
    """Marks at bars: where a condition holds (1), or a direction is up (above 0) or down (below 0).

    `side` is what the marks say: bullish, bearish, neutral, "" for up and down by their sign, or condition.
    """

    name: str
    values: Floats
    note: str
    side: str = "condition"


@dataclass(slots=True)
class Chart:
    """Bars with what was computed and found on them, and a sentence for whatever is not shown.

    `shapes` are events with points, oldest first, `candlesticks` those without. Never without bars.
    """

    title: str
    bars: Bars
    overlays: list[Study] = field(default_factory=list)
    panes: list[Pane] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    shapes: list[Event] = field(default_factory=list)
    candlesticks: list[Event] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the chart as JSON has it: times in milliseconds, null for what is unknown."""
        bars = self.bars
        prices = {name: getattr(bars, name).tolist() for name in ("open", "high", "low", "close")}
        return {
            "title": self.title,
            "timeframe": str(bars.timeframe),
            "time": (bars.time // 1_000_000).tolist(),
            **prices,
            "volume": None if bars.volume is None else _nulled(bars.volume),
            "overlays": [_study(study) for study in self.overlays],
            "panes": [[_study(study) for study in pane.studies] for pane in self.panes],
            "lanes": [
                {"name": lane.name, "values": _nulled(lane.values), "note": lane.note, "side": lane.side}
                for lane in self.lanes
            ],
            "events": [dict(event) for event in (*self.shapes, *self.candlesticks)],
            "notes": list(self.notes),
        }


def status_of(event: Event) -> tuple[str, int | None]:
    """Return what became of an event so far, in words, and when it ended (milliseconds), if it has."""
    history = event.get("history") or ()
    reached = max((int(one.get("target") or 0) for one in history), default=0)
    words = f"target {reached} reached" if reached else "open"
    is_level = event["name"] in ("support", "resistance")
    for one in history:
        if one["status"] in ENDED:
            ended = {"stop": "broken" if is_level else "stopped"}.get(one["status"], str(one["status"]))
            return (f"{words}, {ended}" if reached else ended), int(one["at"])
    return words, None


def _study(study: Study) -> dict[str, Any]:
    curves = [{"key": one.key, "style": one.style, "values": _nulled(one.values)} for one in study.curves]
    rest = {"low": study.low, "high": study.high, "is_levels": study.is_levels}
    return {"name": study.name, "lines": list(study.lines), **rest, "curves": curves}


def _nulled(column: Floats) -> list[float | None]:
    known = np.isfinite(column).tolist()
    return [value if is_known else None for value, is_known in zip(column.tolist(), known, strict=True)]
