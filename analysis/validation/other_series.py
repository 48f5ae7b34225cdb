"""What detectors do where there is nothing to find, and on markets of other years, by which nothing was chosen.

Of series without a pattern every verdict "differs from chance" is wrong: how many there are says how honest the
statistics are, and not what a detector is worth.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.bars import Bars
from analysis.catalog.registry import ENTRIES
from analysis.validation.dense_prefixes import first_changes, is_path_detector
from analysis.validation.detector_evaluation import SEED, trials
from analysis.validation.detector_rates import counted, rows
from analysis.validation.forward_returns import what_came_after
from analysis.validation.generators import GENERATORS, SHOCKS, Generator, between
from analysis.validation.quarters import DIFFERENT

DRAWS = 6  # of every series, in blocks
SIZES = {"1d": (8, 2_520), "30m": (2, 26_000)}  # series and bars: thirty quarters and more
PREFIXES = 640
SHAPES = 40
JUDGED = ("rate", "outcome", "mean_r", "after")


def of_generators(
    seed: int = SEED, prefixes: int = PREFIXES, sizes: Mapping[str, tuple[int, int]] = SIZES
) -> dict[str, dict[str, Any]]:
    """Return by name what was measured of each generator, with the detectors that changed an event after some bar."""
    found = {}
    for one in GENERATORS:
        several = made(one, sizes[one.timeframe], seed)
        changed = changes(several[0].slice(0, prefixes))
        found[one.name] = {"prefixes": prefixes - 1, "changed": sorted(changed), **of_series(several, seed=seed)}
    return found


def drawn_shapes(seed: int = SEED, shapes: int = SHAPES) -> Iterator[list[Any]]:
    """Yield the kind of a walk, and how a detector did on its shapes between such walks."""
    for kind in SHOCKS:
        for trial in trials(shapes=shapes, seed=seed, between=between(kind), hardest=True):
            yield [kind, *trial]


def made(generator: Generator, size: tuple[int, int], seed: int = SEED) -> list[Bars]:
    """Return the series of a generator, independent of each other, over the same days; `size`: how many, how long."""
    several, count = size
    return [generator.make(count, np.random.default_rng((seed, place, 2))) for place in range(several)]


def of_series(several: Sequence[Bars], draws: int = DRAWS, seed: int = SEED) -> dict[str, Any]:
    """Return events by detector and scale, and how many verdicts of each kind differ from chance, of how many."""
    counts = counted(several, draws=draws, paths=1, seed=seed)
    found = list(rows(counts))
    return {
        "timeframe": several[0].timeframe,
        "bars": int(counts["real"].bars.sum()),
        "series": len(several),
        "quarters": len(counts["real"].bars),
        "events": [[name, scale, row["real"]] for name, scale, row in found if is_path_detector(ENTRIES[name])],
        "candlesticks": sum(row["real"] for name, _, row in found if not is_path_detector(ENTRIES[name])),
        "differ": _differ([row for _, _, row in found], several),
    }


def changes(bars: Bars) -> dict[str, int]:
    """Return the detectors of turning points that change an event after some bar, and after which."""
    return first_changes([entry.name for entry in ENTRIES.values() if is_path_detector(entry)], bars)


def _differ(found: Sequence[Mapping[str, Any]], several: Sequence[Bars]) -> dict[str, list[int]]:
    """Return how many verdicts differ from chance, of how many, by what was judged.

    Rates and outcomes are held against shuffled bars, the mean R against nothing won or lost, and what came after an
    event or a state against what came after any bar.
    """
    outcomes = [row["outcomes"] for row in found if row.get("outcomes")]
    said = {
        "rate": [row["ratio"]["verdict"] == DIFFERENT for row in found if row.get("ratio", {}).get("verdict")],
        "outcome": [one["verdict"] == DIFFERENT for one in outcomes if one["verdict"]],
        "mean_r": [not low <= 0 <= high for low, high in (one["mean_r_interval"] for one in outcomes)],
        "after": [row.verdict == DIFFERENT for row in what_came_after(several) if row.verdict],
    }
    return {name: [sum(said[name]), len(said[name])] for name in JUDGED}
