"""Which predictions are kept: those that nobody could have made knowing what came of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from analysis import Bars
from analysis.events import Event
from analysis.outcomes import SIGNS
from analysis.timeframe import DAY_NS, closes_at
from forecasts.models import KeptPrediction

NS = 1_000_000_000
RECENT = 250  # bars that tell on which weekdays a daily series has any
FIRST_WEEKDAY = 3  # 1970-01-01 was a Thursday, and Monday is 0


class ToKeep(NamedTuple):
    """A prediction, and the time (ns UTC) before which it must be served."""

    row: KeptPrediction
    until_ns: int


def to_keep(
    bars: Bars, events: Sequence[Event], said: Mapping[str, Any], *, series_id: int, is_open: bool, now: datetime
) -> list[ToKeep]:
    """Return rows for the events of the last closed bar of a stored series, if the bar after it cannot be over yet.

    `said` is the stored answer of the series. What is answered without a model, in sample, without a whole history or
    without probabilities is not kept.
    """
    newest = len(bars) - 1 - is_open
    if said["model"] is None or newest < 0:
        return []
    until = next_close(bars, newest)
    if is_late(now, until):
        return []
    return [
        ToKeep(_row(bars, event, said["events"][event.id], said, series_id, now), until)
        for event in events
        if event.bar == newest and event.life and _counts(said["events"].get(event.id))
    ]


def is_late(now: datetime, until_ns: int) -> bool:
    """Return whether the bar after the event may be over."""
    return int(now.timestamp()) * NS >= until_ns


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


def _counts(told: Mapping[str, Any] | None) -> bool:
    return told is not None and told["p_target"] is not None and told["reason"] is None and not told["in_sample"]


def _row(
    bars: Bars, event: Event, told: Mapping[str, Any], said: Mapping[str, Any], series_id: int, now: datetime
) -> KeptPrediction:
    assert event.stop is not None and event.life is not None  # noqa: S101, PT018 - without them there are no odds
    return KeptPrediction(
        model=said["model"],
        sha256=said["model_sha256"],
        series_id=series_id,
        symbol=str(bars.symbol)[:40],
        timeframe=bars.timeframe,
        event=event.id,
        name=event.name,
        side=SIGNS[event.side],
        bar_ns=int(bars.time[event.bar]),
        reference=float(bars.close[event.bar]),
        target=float(event.targets[0]),
        stop=float(event.stop),
        life=event.life,
        p_target=told["p_target"],
        p_stop=told["p_stop"],
        chance_target=told["random_walk"]["p_target"],
        chance_stop=told["random_walk"]["p_stop"],
        served_at=now,
        due_bars=event.bar + event.life + 2,
    )
