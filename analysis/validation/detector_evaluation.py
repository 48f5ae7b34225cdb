"""What detectors find where the truth is known: shapes drawn into walks, and series that are noise."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from analysis.bars import Bars
from analysis.catalog.registry import ENTRIES
from analysis.catalog.source_hashes import source_hash
from analysis.engine import run
from analysis.patterns.harmonic_ratios import FAMILIES, Harmonic
from analysis.plan import Plan
from analysis.validation.ground_truth import LATER_NS, Sample, measured
from analysis.validation.surrogates import block_bootstrap, gaussian_walk
from analysis.validation.synthetic import chart_patterns, harmonics
from analysis.validation.synthetic.paths import Outline

SEED = 20_240_601
SHAPES = 120  # a detector and noise level
REPEATS = 5  # of each real series as noise
LEGS = (0.0, 0.02, 0.05)  # deviation of a leg's length, as a fraction
POINTS = (0.0, 0.25)  # deviation of a point, in ATR


class Trial(NamedTuple):
    """Shapes of one kind at one noise level: how many were found, and how many of the events were shapes."""

    name: str
    noise: str
    shapes: int
    found: int
    true: int
    false: int


def trials(names: Sequence[str] | None = None, shapes: int = SHAPES, seed: int = SEED) -> Iterator[Trial]:
    """Yield how detectors did on their own shapes, for every kind that can be drawn, or those named."""
    for family in FAMILIES:
        if names is None or family.name in names:
            yield from _of(family.name, partial(_harmonic, family), LEGS, "{:.0%} of a leg", "harmonic", shapes, seed)
    for name in chart_patterns.NAMES:
        if names is None or name in names:
            for touches in chart_patterns.TOUCHES if name in chart_patterns.LINES else (None,):
                shown = "{} ATR" if touches is None else f"{{}} ATR, {touches} touches"
                yield from _of(name, partial(_chart, name, touches), POINTS, shown, "chart_patterns", shapes, seed)


def rates(real: Sequence[Bars], *, repeats: int = REPEATS, seed: int = SEED) -> tuple[dict[str, Any], dict[str, int]]:
    """Return every detector's events on both nulls and on these series, and how many bars each of them has.

    The Gaussian null has as many bars as the other.
    """
    rng = np.random.default_rng(seed)
    noise = [block_bootstrap(bars, rng) for _ in range(repeats) for bars in real]
    paths = [gaussian_walk(len(bars), rng) for bars in noise]
    counts: dict[str, Mapping[str, int]] = {}
    bars_of: dict[str, int] = {}
    for series, several in {"blocks": noise, "gaussian": paths, "real": real}.items():
        counts[series] = events_of(several)
        bars_of[series] = sum(map(len, several))
    names = [entry.name for entry in ENTRIES.values() if entry.kind == "pattern"]
    return {name: {series: counts[series].get(name, 0) for series in counts} for name in names}, bars_of


def events_of(several: Sequence[Bars]) -> Counter[str]:
    """Return how many events of each name all detectors find."""
    plan = Plan.parse(["patterns"])
    return Counter(event.name for bars in several for event in run(plan, bars, now_ns=LATER_NS).events)


def sources() -> dict[str, str]:
    """Return a hash of every detector's source: what was measured is of these."""
    return {entry.name: source_hash(entry) for entry in ENTRIES.values() if entry.kind == "pattern"}


def _of(
    name: str, sample: Sample, levels: Sequence[float], shown: str, group: str, shapes: int, seed: int
) -> Iterator[Trial]:
    for level in levels:
        score = measured(name, [sample], level, shapes, seed, group)
        yield Trial(name, shown.format(level), score.shapes, score.found, score.true, score.false)


def _harmonic(family: Harmonic, rng: np.random.Generator, noise: float) -> Outline:
    return harmonics.sampled(rng, family, noise)


def _chart(name: str, touches: int | None, rng: np.random.Generator, noise: float) -> Outline:
    return chart_patterns.sampled(rng, name, noise, touches or chart_patterns.TOUCHES[-1])
