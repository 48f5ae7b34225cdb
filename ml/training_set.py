"""What a model is trained and judged on: the events of some series, measured in both ways."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import partial
from hashlib import sha256

from analysis import Bars
from ml.examples import Examples, events_of, examples_of
from ml.family import PATTERNS, Family, alike
from ml.ranges import Excursions


@dataclass(frozen=True)
class TrainingSet:
    """Events of a family by their own target and stop, the same measured alike, how far price went, and of how many
    bars. Where events state no prices both are the same.
    """

    stated: Examples
    alike: Examples
    excursions: Excursions
    bars: int
    counts: Counter[str] = field(default_factory=Counter)
    family: Family = PATTERNS

    @property
    def digest(self) -> str:
        """Return the sha256 of the events as stated, in their order."""
        return digest(self.stated)


def digest(examples: Examples) -> str:
    """Return the sha256 of all columns."""
    hashed = sha256()
    for one in fields(examples):
        column = getattr(examples, one.name)
        text = column.dtype.kind == "U"
        hashed.update("\0".join(column.tolist()).encode() if text else column.tobytes())
    return hashed.hexdigest()


def of_series(several: Iterable[Bars], family: Family = PATTERNS) -> TrainingSet:
    """Return the events of these series; each is told by its symbol."""
    own, same, ways, counts, total = [], [], [], Counter[str](), 0
    plans = family.plans()
    for bars in several:
        symbol = str(bars.symbol)
        events = events_of(bars, plans, partial(family.drawn, symbol))
        examples, found = examples_of(bars, symbol, events, family.setups)
        own.append(examples)
        if family.states_prices:
            same.append(examples_of(bars, symbol, events, alike)[0])
        ways.append(Excursions.of(bars, symbol))
        counts += found
        total += len(bars)
    stated = Examples.joined(own)
    measured = Examples.joined(same) if family.states_prices else stated
    return TrainingSet(stated, measured, Excursions.joined(ways), total, counts, family)
