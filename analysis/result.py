"""What a plan came to on one symbol's bars."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.errors import PlanError
from analysis.event_list import EventList
from analysis.events import Event
from analysis.language.parser import parse

BEFORE, NEVER = int(np.iinfo(np.int64).min), int(np.iinfo(np.int64).max)


class ShownEvents(Iterable[dict[str, Any]]):
    """Events as the API shows them, those confirmed from a moment on, each with what was said of it by its id."""

    def __init__(
        self,
        events: Sequence[Event],
        first_ns: int = BEFORE,
        told: Mapping[str, Mapping[str, Any]] | None = None,
        timeframe: str = "",
    ) -> None:
        self._events, self._first_ns, self._told, self._timeframe = events, first_ns, told or {}, timeframe

    def __iter__(self) -> Iterator[dict[str, Any]]:
        shown = (event.to_dict(self._timeframe) for event in self._events if event.confirmed_at >= self._first_ns)
        return (self._with_prediction(one) for one in shown) if self._told else shown

    def _with_prediction(self, event: dict[str, Any]) -> dict[str, Any]:
        told = self._told.get(event["id"])
        return event if told is None else event | {"prediction": told}


@dataclass(slots=True)
class Result:
    """Columns of equal length with `time` (int64 ns), events, signals and notes about quality.

    `signals` has, for every condition of the plan, whether it holds on the last closed bar (None: unknown) and on how
    many bars it is true and unknown. `provisional` tells that the last bar was still open: its values may change, and
    it carries no event and no signal. `forming` has, if asked for, what may become an event and may as well vanish.
    `forecast` is what who ran it has added, who may know more than numbers: of the series, and under `events` of its
    events by their id.
    """

    symbol: str | None
    timeframe: str
    time: Ints
    columns: dict[str, Floats]
    bars: dict[str, Any]
    engine: str
    events: EventList = field(default_factory=EventList)
    signals: dict[str, Any] = field(default_factory=dict)
    quality: list[dict[str, Any]] = field(default_factory=list)
    provisional: bool = False
    forming: list[Event] | None = None
    forecast: dict[str, Any] | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Floats:
        """Return the column of a key, or of a text that means it, such as `rsi(14)` for `rsi`.

        Raises KeyError naming the candidates when there is none, or several.
        """
        if name in self.columns:
            return self.columns[name]
        try:
            text = parse(name, "").text
        except PlanError:
            text = name
        if text in self.columns:
            return self.columns[text]
        base = _base(name)
        candidates = [key for key in self.columns if _base(key) == base]
        if len(candidates) == 1 and name == base:
            return self.columns[candidates[0]]
        raise KeyError(f"No column {name!r}" + (f"; there are {', '.join(candidates)}." if candidates else "."))

    def to_dict(self, columns: Sequence[str] | None = None, last: int | None = None) -> dict[str, Any]:
        """Return the result as the API shows it: times in ms, columns as arrays, only those asked for, the last n."""
        shown = self.in_parts(columns, last)
        return shown | {name: list(shown[name]) for name in ("events", "forming") if name in shown}

    def in_parts(self, columns: Sequence[str] | None = None, last: int | None = None) -> dict[str, Any]:
        """Return what to_dict() does, its events each made when it is looked at, in every loop over them again."""
        start = 0 if last is None else max(0, len(self.time) - last)
        # Those before the first bar that was asked for are there because they are still open.
        first_ns = NEVER if start >= len(self.time) else int(self.time[start]) if start else BEFORE
        wanted = self.columns if columns is None else {k: v for k, v in self.columns.items() if k in set(columns)}
        forecast = {} if self.forecast is None else dict(self.forecast)
        told = forecast.pop("events", None)
        return {
            "symbol": self.symbol,
            "timeframe": self.timeframe,
            "bars": self.bars,
            "time": self.time[start:] // 1_000_000,
            "columns": {key: column[start:] for key, column in wanted.items()},
            "events": ShownEvents(self.events, first_ns, told, self.timeframe),
            **({} if self.forming is None else {"forming": ShownEvents(self.forming, timeframe=self.timeframe)}),
            **({"forecast": forecast} if forecast else {}),
            "signals": self.signals,
            "quality": self.quality,
            "provisional": self.provisional,
            "engine": self.engine,
            "timings_ms": self.timings_ms,
        }


def _base(key: str) -> str:
    """Return the entry's name at the front of a key."""
    return key.split("(")[0].split(".")[0]
