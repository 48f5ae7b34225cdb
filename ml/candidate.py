"""A candidate out of series: trained, held against every gate, written with its card. Whether it serves, others say.

A gate that did not hold does not keep the files from being written: its card says so, and who serves models reads it.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from analysis import Bars
from ml import artifact
from ml.assessment import SEEDS, assess, not_run
from ml.card import card, final_fit
from ml.card_page import page
from ml.enough import demand_enough
from ml.errors import NotMeasurable
from ml.origin import Origin
from ml.training_set import of_series

LIMITATIONS = (
    "Trained on series of its owner: what their licences allow, whether symbols that are gone are among them, and "
    "whether prices are adjusted, nobody has looked at.",
)
UNNAMED = "0.0.0"  # until who keeps it gives it a version
Tell = Callable[[str, int, int], None]
EVENTS, GATES, CARD = "events", "gates", "card"
STAGES = (EVENTS, GATES, CARD)


class Series(NamedTuple):
    """What a candidate is made of: `digest` is a sha256 of the series and of all else that decides what it becomes."""

    title: str
    timeframe: str
    digest: str
    series_count: int


class Candidate(NamedTuple):
    """What came of it: the card's sha256, the events it was trained on, and the codes of gates that did not hold."""

    sha256: str
    events: int
    failed: list[str]


def make_candidate(
    several: Iterable[Bars],
    of: Series,
    folder: Path,
    *,
    seeds: int = SEEDS,
    tell: Tell = lambda stage, done, total: None,
) -> Candidate:
    """Train on these series, try by `seeds` of random walks among all gates, and write the files into the folder.

    `tell` hears the stage (STAGES), and how much of it is done. The same series in the same order make the same files.
    Raises TooFewEvents and NotMeasurable.
    """
    made = of_series(_told(several, of.series_count, tell))
    demand_enough(made)
    assessed = assess(made, seeds=seeds, tell=lambda done, total: tell(GATES, done, total))
    tell(CARD, 0, 1)
    fit, mine = final_fit(made, assessed.found)
    files = [{"name": of.title, "licence": "its owner's to know", "sha256": of.digest}]
    origin = Origin(of.timeframe, files, [*LIMITATIONS, *not_run(seeds)])
    stated = card(made, assessed, fit, mine, origin, version=UNNAMED)
    _demand_known(stated)
    known = artifact.write(folder, fit, stated, page(stated))
    tell(CARD, 1, 1)
    return Candidate(known, len(mine), sorted({gate.code for gate in assessed.gates if not gate.passed}))


def _told(several: Iterable[Bars], count: int, tell: Tell) -> Iterator[Bars]:
    """Yield the series, and tell of each when the next one is wanted."""
    tell(EVENTS, 0, count)
    for done, bars in enumerate(several, start=1):
        yield bars
        tell(EVENTS, done, count)


def _demand_known(value: Any, place: str = "") -> None:
    """Raise NotMeasurable for a number that is none: a card has no place for it, and a reader could not tell why."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            _demand_known(one, f"{place}/{name}")
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            _demand_known(one, f"{place}/{number}")
    elif isinstance(value, float) and not math.isfinite(value):
        raise NotMeasurable(f"{place} of the card has no value on these events; there are too few, or too much alike.")
