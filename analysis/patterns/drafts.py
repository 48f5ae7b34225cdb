"""From what a detector found to events: times, the confirming close, and what became of the targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan, nan
from typing import NamedTuple

import numpy as np

from analysis.events import Event, Happened, Point, Side, Status
from analysis.kernels.compiled import compiled
from analysis.kernels.outcomes import EXPIRED, FAILED, STOPPED, outcomes, passed
from analysis.spec import Detecting

ENDS: dict[int, Status] = {STOPPED: "stop", EXPIRED: "expired", FAILED: "failed"}
SIDES: dict[int, Side] = {1: "bullish", -1: "bearish", 0: "neutral"}


class Mark(NamedTuple):
    """A point of a draft: label, bar, price, and the bar that it is known at."""

    label: str
    bar: int
    price: float
    known: int


@dataclass(slots=True, kw_only=True)
class Draft:
    """What a detector found. `direction` is 1 for bullish, −1 for bearish; `life` the bars until it expires.

    `fails` is the close beyond which it failed before its first target.
    """

    name: str
    direction: int
    score: float
    bar: int
    marks: Sequence[Mark]
    life: int
    ratios: Mapping[str, float] = field(default_factory=dict)
    errors: Mapping[str, float] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)
    prz: Sequence[float] | None = None
    targets: Sequence[float] = ()
    stop: float = nan
    fails: float = nan
    of: str = ""


def finished(given: Detecting, kind: str, drafts: Sequence[Draft]) -> list[Event]:
    """Return the drafts as events, in their order."""
    if not drafts:
        return []
    bars = given.bars
    known = np.array([draft.bar for draft in drafts], np.int64)
    sides = np.array([draft.direction or 1 for draft in drafts], np.int64)
    after = np.array([draft.marks[-1].bar for draft in drafts], np.int64)
    prices = np.array([[*_two(draft.targets), draft.stop, draft.fails] for draft in drafts])
    before = compiled[passed](bars.high, bars.low, after, known, sides, prices[:, 0])
    prices[before, 0] = nan  # never a win
    last = known + np.array([draft.life for draft in drafts], np.int64)
    reached, ends = compiled[outcomes](bars.high, bars.low, bars.close, known, last, sides, prices)
    rows = zip(drafts, before.tolist(), reached.tolist(), ends.tolist(), strict=True)
    return [_event(given, kind, draft, was, bars_of, end) for draft, was, bars_of, end in rows]


def by_name(events: Sequence[Event]) -> dict[str, list[Event]]:
    """Return the events of each name."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.name, []).append(event)
    return found


def points_of(marks: Sequence[Mark], time: Sequence[int]) -> tuple[Point, ...]:
    """Return the marks with their times."""
    return tuple([Point(label, bar, time[bar], price, time[known]) for label, bar, price, known in marks])


def times_of(given: Detecting) -> list[int]:
    """Return the times of the bars, as a list that all detectors of a run share."""
    return given.once("times", given.bars.time.tolist)


def _two(targets: Sequence[float]) -> tuple[float, float]:
    return (targets[0] if targets else nan), (targets[1] if len(targets) > 1 else nan)


def _event(given: Detecting, kind: str, draft: Draft, was_reached: bool, reached: list[int], end: int) -> Event:
    time, bar = times_of(given), draft.bar
    happened = [Happened("confirmed", bar, time[bar])]
    for number, at in enumerate(reached[:2], start=1):  # the first target is never later than the second
        if at >= 0:
            happened.append(Happened("target", at, time[at], number))
    if reached[2] >= 0:
        happened.append(Happened(ENDS[end], reached[2], time[reached[2]]))
    close = float(given.bars.close[bar])
    remaining = (draft.targets[0] / close - 1) * (draft.direction or 1) if draft.targets else None
    return Event.of_fields(
        name=draft.name,
        kind=kind,
        side=SIDES[draft.direction],
        score=round(draft.score, 4),
        bar=bar,
        formed_at=time[draft.marks[-1].bar],
        confirmed_at=time[bar],
        of=draft.of,
        points=points_of(draft.marks, time),
        ratios={name: round(ratio, 4) for name, ratio in draft.ratios.items()},
        errors={name: round(error, 4) for name, error in draft.errors.items()},
        levels=draft.levels,
        prz=draft.prz,
        targets=tuple(draft.targets),
        stop=None if isnan(draft.stop) else draft.stop,
        entry_reference=close,
        remaining_to_target=remaining,
        reached_before_confirmation=was_reached if draft.targets else None,
        history=tuple(happened),
    )
