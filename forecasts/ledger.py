"""Which predictions are kept: those that nobody could have made knowing what came of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

from analysis import Bars
from analysis.events import Event
from analysis.outcomes import SIGNS, Setups
from analysis.timeframe import DAY_NS, closes_at
from forecasts.models import KeptPrediction
from market.time_conversion import to_ns
from ml.family import family_of

RECENT = 250  # bars that tell on which weekdays a daily series has any
FIRST_WEEKDAY = 3  # 1970-01-01 was a Thursday, and Monday is 0


class ToKeep(NamedTuple):
    """A prediction, and the time (ns UTC) before which it must be served."""

    row: KeptPrediction
    until_ns: int


class Forecast(NamedTuple):
    """What a model says of an event, beside chance."""

    model: str
    sha256: str
    target: float
    stop: float
    chance_target: float
    chance_stop: float


class Due(NamedTuple):
    """The events of a stored series of which a prediction would be kept now, and the time (ns UTC) until when."""

    bars: Bars
    events: Sequence[Event]
    series_id: int
    until_ns: int

    @classmethod
    def of(cls, bars: Bars, events: Sequence[Event], *, series_id: int, is_open: bool, now: datetime) -> Self:
        """Return the events of the last closed bar, none if the bar after it can be over."""
        newest = len(bars) - 1 - is_open
        if newest < 0:
            return cls(bars, (), series_id, 0)
        until = next_close(bars, newest)
        recent = (
            ()
            if is_late(now, until)
            else [event for event in events if event.bar == newest and family_of(event).life_of(event)]
        )
        return cls(bars, recent, series_id, until)

    def kept(self, event: Event, odds: Forecast, now: datetime) -> ToKeep:
        """Return the row of one of them."""
        return ToKeep(_row(self.bars, event, odds, self.series_id, now), self.until_ns)


def to_keep(due: Due, said: Mapping[str, Any], now: datetime) -> list[ToKeep]:
    """Return rows of what was answered for these events.

    `said` is the stored answer of the series. What is answered without a model, in sample, without a whole history or
    without probabilities is not kept.
    """
    told = [(event, said["events"].get(event.id), _speaker(event, said)) for event in due.events]
    return [
        due.kept(event, _forecast(one, speaker), now)
        for event, one, speaker in told
        if one is not None and speaker["model"] is not None and _counts(one)
    ]


def is_late(now: datetime, until_ns: int) -> bool:
    """Return whether the bar after the event may be over."""
    return to_ns(now) >= until_ns


def next_close(bars: Bars, place: int) -> int:
    """Return the earliest time (ns UTC) at which the bar after this one can be over.

    After a daily bar that is the end of the next day on which the series ever has one; after another its length more.
    """
    opened = int(bars.time[place])
    if bars.timeframe != "1d":
        return closes_at(closes_at(opened, bars.timeframe), bars.timeframe)
    days = bars.time[max(0, place + 1 - RECENT) : place + 1] // DAY_NS
    weekdays = set(((days + FIRST_WEEKDAY) % 7).tolist())
    following = opened // DAY_NS + 1
    while (following + FIRST_WEEKDAY) % 7 not in weekdays:
        following += 1
    return closes_at(following * DAY_NS + opened % DAY_NS, bars.timeframe)


def _speaker(event: Event, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is said of the model that speaks of an event."""
    speaker: Mapping[str, Any] = said.get(family_of(event).kind, said)
    return speaker


def _counts(told: Mapping[str, Any]) -> bool:
    return told["p_target"] is not None and told["reason"] is None and not told["in_sample"]


def _forecast(told: Mapping[str, Any], said: Mapping[str, Any]) -> Forecast:
    chance = told["random_walk"]
    odds = told["p_target"], told["p_stop"], chance["p_target"], chance["p_stop"]
    return Forecast(said["model"], said["model_sha256"], *odds)


def _row(bars: Bars, event: Event, odds: Forecast, series_id: int, now: datetime) -> KeptPrediction:
    family = family_of(event)
    setup: Setups = family.setups([event], bars)
    life, close = family.life_of(event), float(bars.close[event.bar])
    assert life is not None  # noqa: S101 - without it there are no odds
    # Where an event states none they are kept as far from the close as they will be from the entry.
    ways = float(setup.to_target[0]) * SIGNS[event.side], float(setup.to_stop[0]) * SIGNS[event.side]
    return KeptPrediction(
        model=odds.model,
        sha256=odds.sha256,
        series_id=series_id,
        symbol=str(bars.symbol)[:40],
        timeframe=bars.timeframe,
        event=event.id,
        name=event.name,
        side=SIGNS[event.side],
        bar_ns=int(bars.time[event.bar]),
        reference=close,
        target=float(setup.targets[0]) if family.states_prices else close + ways[0],
        stop=float(setup.stops[0]) if family.states_prices else close - ways[1],
        life=life,
        p_target=odds.target,
        p_stop=odds.stop,
        chance_target=odds.chance_target,
        chance_stop=odds.chance_stop,
        served_at=now,
        due_bars=event.bar + life + 2,
    )
