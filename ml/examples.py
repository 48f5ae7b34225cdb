"""Events with what was known of them and what became of them, as columns: what models are trained and judged on."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from analysis import Bars, Plan, run
from analysis.arrays import Bools, Floats, Ints
from analysis.events import Event
from analysis.outcomes import Outcome, Setups, by_chance, measured, stated
from ml.arrays import Matrix, Names
from ml.family import category_of
from ml.features import BARS_NEEDED, LATER_NS, NAMES, matrix
from ml.weights import uniqueness

TARGET, STOP, TIMEOUT = 0, 1, 2  # as the columns of what is predicted
LABELS = {Outcome.TARGET: TARGET, Outcome.STOP: STOP, Outcome.TIMEOUT: TIMEOUT}
LEAST_ATR = 0.1  # a nearer target or stop is met by chance within a bar
Drawn = Callable[[Sequence[Event]], Sequence[Event]]
SetupsOf = Callable[[Sequence[Event], Bars], Setups]


@dataclass(frozen=True)
class Examples:
    """A row per event. Times are int64 ns: when it was confirmed, when it ended, when its life is over."""

    name: Names
    family: Names
    symbol: Names
    side: Ints
    known_at: Ints
    ended_at: Ints
    over_at: Ints
    label: Ints
    r: Floats
    chance: Floats  # the random walk's P(target), P(stop): two columns
    weight: Floats  # how much of its life it has to itself among the events of its series
    features: Matrix
    next_return: Floats  # of the bar after, for the event: no feature, but what a leak would look like

    def __len__(self) -> int:
        return len(self.label)

    def take(self, rows: Ints | Bools) -> Self:
        """Return some rows."""
        return type(self)(**{one.name: getattr(self, one.name)[rows] for one in fields(self)})

    def with_features(self, features: Matrix) -> Self:
        """Return the same events, told otherwise."""
        return replace(self, features=features)

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """Return all rows, by time of confirmation, then symbol and name."""
        given = list(parts) or [cls.none()]
        whole = cls(**{one.name: np.concatenate([getattr(part, one.name) for part in given]) for one in fields(cls)})
        return whole.take(np.lexsort((whole.name, whole.symbol, whole.known_at)))

    @classmethod
    def none(cls) -> Self:
        """Return no rows."""
        texts, whole = np.empty(0, "U1"), np.empty(0, np.int64)
        number, rows = np.empty(0), np.empty((0, len(NAMES)), np.float32)
        return cls(
            texts, texts, texts, whole, whole, whole, whole, whole, number, np.empty((0, 2)), number, rows, number
        )


def events_of(bars: Bars, plans: Sequence[Plan], drawn: Drawn = list) -> list[Event]:
    """Return the events of all plans by time: what is found at several sizes is one event, the first confirmed.

    `drawn` says which of those found count.
    """
    found: dict[str, Event] = {}
    for plan in plans:
        for event in drawn(run(plan, bars, now_ns=LATER_NS).events):
            known = found.get(event.id)
            if known is None or event.bar < known.bar:
                found[event.id] = event
    return sorted(found.values(), key=lambda event: (event.bar, event.name, event.id))


def examples_of(
    bars: Bars, symbol: str, events: Sequence[Event], setups_of: SetupsOf = stated
) -> tuple[Examples, Counter[str]]:
    """Return those of the series' events whose whole life is over, and how many there are of each outcome, those apart
    too. Events before BARS_NEEDED are neither.

    `setups_of` says what they are won and lost by: what they state themselves, unless told otherwise.
    """
    events = [event for event in events if event.bar >= BARS_NEEDED]
    if not events:
        return Examples.none(), Counter()
    setups = setups_of(events, bars)
    outcomes, chance = measured(setups, bars), by_chance(setups, bars)
    features = matrix(bars, events, setups, chance)
    is_over = setups.known + setups.life < len(bars)  # of those still alive only the quick would be known
    kept = np.flatnonzero(outcomes.is_measured & is_over & ~np.isnan(chance[0]) & _is_apart(setups, features))
    counts = Counter(Outcome(end).name.lower() for end in outcomes.ends.tolist())
    last = setups.known + setups.life
    names = np.array([event.name for event in events])
    examples = Examples(
        name=names[kept],
        family=np.array([category_of(event) for event in events])[kept],
        symbol=np.full(len(kept), symbol),
        side=setups.sides[kept],
        known_at=bars.time[setups.known[kept]],
        ended_at=bars.time[outcomes.bars[kept]],
        over_at=bars.time[last[kept]],
        label=np.array([LABELS[Outcome(end)] for end in outcomes.ends[kept].tolist()], np.int64),
        r=outcomes.r[kept],
        chance=np.column_stack(chance)[kept],
        weight=uniqueness(setups.known[kept] + 1, outcomes.bars[kept], len(bars)),
        features=features[kept],
        next_return=(bars.close[setups.known[kept] + 1] / bars.close[setups.known[kept]] - 1) * setups.sides[kept],
    )
    return examples, counts


def _is_apart(setups: Setups, features: Matrix) -> Bools:
    """Return where target and stop are far enough from the close to mean something."""
    to_target, to_stop = features[:, NAMES.index("to_target")], features[:, NAMES.index("to_stop")]
    return (to_target >= LEAST_ATR) & (to_stop >= LEAST_ATR)
