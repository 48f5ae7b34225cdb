"""What detectors find where the truth is known: shapes drawn into walks."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from analysis.catalog.registry import ENTRIES
from analysis.catalog.source_hashes import source_hash
from analysis.patterns.harmonic_ratios import FAMILIES, Harmonic
from analysis.validation.ground_truth import Sample, Walk, measured
from analysis.validation.synthetic import chart_patterns, harmonics
from analysis.validation.synthetic.paths import Outline, walk

SEED = 20_240_601
SHAPES = 120  # a detector and noise level
LEGS = (0.0, 0.02, 0.05)  # deviation of a leg's length, as a fraction
POINTS = (0.0, 0.25)  # deviation of a point, in ATR
ALL = (LEGS, POINTS, chart_patterns.TOUCHES)


class Trial(NamedTuple):
    """Shapes of one kind at one noise level: how many were found, and how many of the events were shapes."""

    name: str
    noise: str
    shapes: int
    found: int
    true: int
    false: int


def trials(
    names: Sequence[str] | None = None,
    shapes: int = SHAPES,
    seed: int = SEED,
    between: Walk = walk,
    hardest: bool = False,
) -> Iterator[Trial]:
    """Yield how detectors did on their own shapes, for every kind that can be drawn, or those named.

    `between` draws what lies between the shapes; `hardest` is of the last noise level alone, and of the most touches.
    """
    legs, points, touched = (LEGS[-1:], POINTS[-1:], chart_patterns.TOUCHES[-1:]) if hardest else ALL
    for family in FAMILIES:
        if names is None or family.name in names:
            one = partial(_harmonic, family)
            yield from _of(family.name, one, legs, "{:.0%} of a leg", "harmonic", shapes, seed, between)
    for name in chart_patterns.NAMES:
        if names is None or name in names:
            for touches in touched if name in chart_patterns.LINES else (None,):
                shown = "{} ATR" if touches is None else f"{{}} ATR, {touches} touches"
                one = partial(_chart, name, touches)
                yield from _of(name, one, points, shown, "chart_patterns", shapes, seed, between)


def sources() -> dict[str, str]:
    """Return a hash of every detector's source: what was measured is of these."""
    return {entry.name: source_hash(entry) for entry in ENTRIES.values() if entry.kind == "pattern"}


def _of(
    name: str,
    sample: Sample,
    levels: Sequence[float],
    shown: str,
    group: str,
    shapes: int,
    seed: int,
    between: Walk,
) -> Iterator[Trial]:
    for level in levels:
        score = measured(name, [sample], level, shapes, seed, group, between)
        yield Trial(name, shown.format(level), score.shapes, score.found, score.true, score.false)


def _harmonic(family: Harmonic, rng: np.random.Generator, noise: float) -> Outline:
    return harmonics.sampled(rng, family, noise)


def _chart(name: str, touches: int | None, rng: np.random.Generator, noise: float) -> Outline:
    return chart_patterns.sampled(rng, name, noise, touches or chart_patterns.TOUCHES[-1])
