"""What a model is trained and judged on: the events of some series, measured in both ways."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from hashlib import sha256

from analysis import Bars
from ml.examples import Examples, events_of, examples_of, pattern_plans
from ml.ranges import Excursions


@dataclass(frozen=True)
class TrainingSet:
    """Events as they state their target and stop, the same measured alike, how far price went, and of how many bars."""

    stated: Examples
    alike: Examples
    excursions: Excursions
    bars: int
    counts: Counter[str] = field(default_factory=Counter)

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


def of_series(several: Iterable[Bars]) -> TrainingSet:
    """Return the events of these series; each is told by its symbol."""
    stated, alike, ways, counts, total = [], [], [], Counter[str](), 0
    plans = pattern_plans()
    for bars in several:
        events = events_of(bars, plans)
        examples, found = examples_of(bars, str(bars.symbol), events)
        stated.append(examples)
        alike.append(examples_of(bars, str(bars.symbol), events, alike=True)[0])
        ways.append(Excursions.of(bars, str(bars.symbol)))
        counts += found
        total += len(bars)
    return TrainingSet(Examples.joined(stated), Examples.joined(alike), Excursions.joined(ways), total, counts)
