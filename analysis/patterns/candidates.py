"""From what a detector found to events: times, the confirming close, and what became of the targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan, nan

import numpy as np

from analysis.arrays import Ints
from analysis.catalog.entry import DetectionContext
from analysis.events import Event, Side, Status, StatusChange
from analysis.kernels.jit import jit
from analysis.kernels.outcomes import EXPIRED, FAILED, STOPPED, outcomes, touched
from analysis.patterns.marks import Mark, points_of

ENDS: dict[int, Status] = {STOPPED: "stop", EXPIRED: "expired", FAILED: "failed"}
SIDES: dict[int, Side] = {1: "bullish", -1: "bearish", 0: "neutral"}


@dataclass(slots=True, kw_only=True)
class Candidate:
    """What a detector found. `direction` is 1 for bullish, −1 for bearish; `life` the bars until it expires.

    `fails` is the close beyond which it failed before its first target. A target that is no price is none: a pole
    higher than the price itself has nowhere to fall by its height.
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
    source: str = ""


def finished(given: DetectionContext, kind: str, candidates: Sequence[Candidate]) -> list[Event]:
    """Return the candidates as events, in their order."""
    if not candidates:
        return []
    bars = given.bars
    for candidate in candidates:
        if candidate.targets and min(candidate.targets) <= 0.0 < bars.close[candidate.bar]:
            candidate.targets = tuple(target for target in candidate.targets if target > 0.0)
    known = np.array([candidate.bar for candidate in candidates], np.int64)
    sides = np.array([candidate.direction or 1 for candidate in candidates], np.int64)
    after = np.array([candidate.marks[-1].bar for candidate in candidates], np.int64)
    prices = np.array([[*_two(candidate.targets), candidate.stop, candidate.fails] for candidate in candidates])
    before = jit[touched](bars.high, bars.low, after, known, sides, prices[:, 0])
    prices[before, 0] = nan  # never a win
    last = known + np.array([candidate.life for candidate in candidates], np.int64)
    reached, ends = jit[outcomes](bars.high, bars.low, bars.close, known, last, sides, prices)
    rows = zip(candidates, before.tolist(), reached.tolist(), ends.tolist(), strict=True)
    return [_event(given, kind, candidate, was, bars_of, end) for candidate, was, bars_of, end in rows]


def followed(given: DetectionContext, kind: str, candidates: Sequence[Candidate], ends: Ints, end: int) -> list[Event]:
    """Return as events, in their order, candidates whose detector knows the bar that ends each (−1: none), and how."""
    rows = zip(candidates, ends.tolist(), strict=True)
    return [_event(given, kind, candidate, False, [-1, -1, at], end) for candidate, at in rows]


def times_of(given: DetectionContext) -> list[int]:
    """Return the times of the bars, as a list that all detectors of a run share."""
    return given.once("times", given.bars.time.tolist)


def _two(targets: Sequence[float]) -> tuple[float, float]:
    return (targets[0] if targets else nan), (targets[1] if len(targets) > 1 else nan)


def _event(
    given: DetectionContext, kind: str, candidate: Candidate, was_reached: bool, reached: list[int], end: int
) -> Event:
    time, bar = times_of(given), candidate.bar
    happened = [StatusChange("confirmed", bar, time[bar])]
    for number, at in enumerate(reached[:2], start=1):  # the first target is never later than the second
        if at >= 0:
            happened.append(StatusChange("target", at, time[at], number))
    if reached[2] >= 0:
        happened.append(StatusChange(ENDS[end], reached[2], time[reached[2]]))
    close = float(given.bars.close[bar])
    remaining = (candidate.targets[0] / close - 1) * (candidate.direction or 1) if candidate.targets else None
    return Event.of_fields(
        name=candidate.name,
        kind=kind,
        side=SIDES[candidate.direction],
        score=round(candidate.score, 4),
        bar=bar,
        formed_at=time[candidate.marks[-1].bar],
        confirmed_at=time[bar],
        source=candidate.source,
        points=points_of(candidate.marks, time),
        ratios={name: round(ratio, 4) for name, ratio in candidate.ratios.items()},
        errors={name: round(error, 4) for name, error in candidate.errors.items()},
        levels=candidate.levels,
        prz=candidate.prz,
        targets=tuple(candidate.targets),
        stop=None if isnan(candidate.stop) else candidate.stop,
        entry_reference=close,
        remaining_to_target=remaining,
        reached_before_confirmation=was_reached if candidate.targets else None,
        history=tuple(happened),
        life=candidate.life,
    )
