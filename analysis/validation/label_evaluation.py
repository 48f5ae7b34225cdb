"""How much of what people have marked on charts the detectors find, and how much of it by chance.

Chance is date-matched: a label's dates are laid on every other symbol. Markets move together, and a random shift would
take what they share for skill. Labels are no full list of what is there: they measure recall, not precision.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import inf
from typing import NamedTuple

import numpy as np

from analysis.arrays import Ints
from analysis.bars import Bars
from analysis.engine import run
from analysis.events import Event
from analysis.plan import Plan
from analysis.validation.ground_truth import LATER_NS, shared
from analysis.validation.sized_plans import at_scale

LOOSE, STRICT = 0.3, 0.5  # intersection over union of the bars, from the first point to the last
# Labels that are not called as the detectors are.
DETECTORS = {"flag": ("bull_flag", "bear_flag"), "htf": ("high_tight_flag",)}
# Names whose label spans the pause alone, where the event's points are the ends of the pole before it.
PAUSES = ("bull_flag", "bear_flag", "pennant")
Spans = dict[str, Ints]  # by name: first and last bar of each event


class Label(NamedTuple):
    """What someone marked: a name, and its first and last day in ns UTC."""

    symbol: str
    name: str
    start: int
    end: int


class NameRow(NamedTuple):
    """Of one name: labels, the share found at IoU .3 and .5, that by chance, and events per 1,000 bars."""

    name: str
    labels: int
    recall: float
    strict: float
    chance: float
    per_1000: float


class Goal(NamedTuple):
    """What a scale is to reach: recall over all labels, its ratio to chance, and the most events per 1,000 bars."""

    recall: float
    ratio: float
    events: float = inf
    events_of_a_name: float = inf
    mean_recall: float = 0.0  # over names with MANY labels or more, none of which may be at 0


MANY = 15
GOALS = {"short": Goal(0.46, 4.0, 65.0, 10.0, 0.36), "classic": Goal(0.18, 3.2)}


def evaluated(
    labels: Sequence[Label], series: Mapping[str, Bars], scale: str
) -> tuple[list[NameRow], dict[str, float]]:
    """Return a row for every name that was labelled, the most labelled first, and all events per 1,000 bars by name.

    Labels of symbols without bars are left out.
    """
    plan = Plan.parse(at_scale("chart_patterns", scale))
    spans = {symbol: spans_of(run(plan, bars, now_ns=LATER_NS).events) for symbol, bars in series.items()}
    per_1000 = _rates(spans, sum(map(len, series.values())))
    usable = [label for label in labels if label.symbol in series]
    rows = []
    for name in {label.name for label in usable}:
        mine = [label for label in usable if label.name == name]
        best = [overlap(label, series[label.symbol], spans[label.symbol]) for label in mine]
        recall, strict = (float(np.mean([one >= least for one in best])) for least in (LOOSE, STRICT))
        chance = float(np.mean([_chance(label, series, spans) for label in mine]))
        events = sum(per_1000.get(detector, 0.0) for detector in detectors_of(name))
        rows.append(NameRow(name, len(mine), recall, strict, chance, events))
    return sorted(rows, key=lambda row: (-row.labels, row.name)), per_1000


def by_pause(labels: Sequence[Label], series: Mapping[str, Bars], scale: str) -> tuple[int, float, float]:
    """Return how many labels are of flags and pennants, the share found by the pause alone, and that by chance.

    The pause is from the pole's end to the confirming bar. It is told beside the other measure, and is no part of it.
    """
    plan = Plan.parse([{"name": name, "params": {"scale": scale}} for name in PAUSES])
    spans = {symbol: spans_of(run(plan, bars, now_ns=LATER_NS).events, True) for symbol, bars in series.items()}
    mine = [one for one in labels if one.symbol in series and set(detectors_of(one.name)) <= set(PAUSES)]
    if not mine:
        return 0, 0.0, 0.0
    found = [overlap(label, series[label.symbol], spans[label.symbol]) >= LOOSE for label in mine]
    return len(mine), float(np.mean(found)), float(np.mean([_chance(label, series, spans) for label in mine]))


def shortfalls(rows: Sequence[NameRow], per_1000: Mapping[str, float], goal: Goal) -> list[str]:
    """Return what is below the goal, as sentences' parts; empty where all of it is reached."""
    recall, chance = over_all(rows)
    many = [row for row in rows if row.labels >= MANY]
    mean = float(np.mean([row.recall for row in many])) if many else 0.0
    events, most = sum(per_1000.values()), max(per_1000.values(), default=0.0)
    missed = []
    if recall < goal.recall:
        missed.append(f"recall {recall:.3f}, {goal.recall} asked")
    if recall < goal.ratio * chance:
        missed.append(f"{recall / chance:.2f} times chance, {goal.ratio} asked")
    if mean < goal.mean_recall:
        missed.append(f"mean recall of names {mean:.3f}, {goal.mean_recall} asked")
    if goal.mean_recall:
        missed += [f"no {row.name} found" for row in many if not row.recall]
    if events > goal.events:
        missed.append(f"{events:.1f} events per 1,000 bars, {goal.events:g} at most")
    if most > goal.events_of_a_name:
        missed.append(f"{most:.1f} events of one name per 1,000 bars, {goal.events_of_a_name:g} at most")
    return missed


def over_all(rows: Sequence[NameRow]) -> tuple[float, float]:
    """Return recall and chance over all labels; 0 where there are none."""
    labels = sum(row.labels for row in rows)
    if not labels:
        return 0.0, 0.0
    return sum(row.recall * row.labels for row in rows) / labels, sum(row.chance * row.labels for row in rows) / labels


def table(rows: Sequence[NameRow], per_1000: Mapping[str, float]) -> str:
    """Return the rows and what they come to, in columns; last the events of names that nobody labelled, and of all."""
    lines = [f"{'name':<28}{'n':>6}{'IoU .3':>8}{'IoU .5':>8}{'chance':>8}{'/1,000':>8}"]
    lines += [
        f"{row.name:<28}{row.labels:>6}{row.recall:>8.3f}{row.strict:>8.3f}{row.chance:>8.3f}{row.per_1000:>8.2f}"
        for row in rows
    ]
    recall, chance = over_all(rows)
    strict = sum(row.strict * row.labels for row in rows) / max(1, sum(row.labels for row in rows))
    counts = f"{sum(row.labels for row in rows):>6}"
    labelled = {detector for row in rows for detector in detectors_of(row.name)}
    others = sum(rate for name, rate in per_1000.items() if name not in labelled)
    total = sum(per_1000.values())
    lines.append(f"{'all labels':<28}{counts}{recall:>8.3f}{strict:>8.3f}{chance:>8.3f}{total - others:>8.2f}")
    lines += [f"{name:<58}{rate:>8.2f}" for name, rate in (("names without labels", others), ("all names", total))]
    return "\n".join(lines)


def detectors_of(name: str) -> tuple[str, ...]:
    """Return the detectors whose events a label of this name may be found by."""
    return DETECTORS.get(name, (name,))


def spans_of(events: Sequence[Event], after: bool = False) -> Spans:
    """Return the first and the last bar of the events by name; `after`: the last point and the confirming bar."""
    found: dict[str, list[tuple[int, int]]] = {}
    for event in events:
        ends = (event.points[-1].bar, event.bar) if after else (event.points[0].bar, event.points[-1].bar)
        found.setdefault(event.name, []).append(ends)
    return {name: np.array(rows, np.int64) for name, rows in found.items()}


def overlap(label: Label, bars: Bars, spans: Spans) -> float:
    """Return the best intersection over union of a label and an event of its name on these bars, 0 where none."""
    start = int(np.searchsorted(bars.time, label.start))
    end = int(np.searchsorted(bars.time, label.end, "right")) - 1
    best = 0.0
    for name in detectors_of(label.name):
        if name in spans:
            best = max(best, float(shared(spans[name], start, end).max()))
    return best


def _chance(label: Label, series: Mapping[str, Bars], spans: Mapping[str, Spans]) -> float:
    hits = [
        overlap(label, bars, spans[symbol]) >= LOOSE
        for symbol, bars in series.items()
        if symbol != label.symbol and bars.time[0] <= label.start and bars.time[-1] >= label.end
    ]
    return float(np.mean(hits)) if hits else 0.0


def _rates(spans: Mapping[str, Spans], bars: int) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for one in spans.values():
        counts.update({name: len(rows) for name, rows in one.items()})
    return {name: 1_000 * count / bars for name, count in counts.items()}
