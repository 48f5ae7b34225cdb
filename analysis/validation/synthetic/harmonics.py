"""Harmonic shapes with exact ratios, or with legs that are off by chance."""

from collections.abc import Iterator

import numpy as np

from analysis.patterns.harmonic_ratios import Harmonic
from analysis.validation.synthetic.paths import Outline

HEIGHTS = (12.0, 40.0)  # of XA in ranges of a bar
RETURN = 0.5  # of CD: how far price comes back from D
EXACT = 1e-9
GRID = 9


def leg_lengths(family: Harmonic, xb: float, ac: float, xd: float) -> tuple[float, float, float, float] | None:
    """Return the lengths of XA, AB, BC and CD for these ratios, or None where a ratio of the family is broken.

    `ac` is XC_XA for a family that limits it, `xd` CD_XC or CD_BC for a family that sets D by it.
    """
    bc = ac - 1.0 + xb if "XC_XA" in family.ratios else ac * xb
    if bc <= 0:
        return None
    of_cx = xd * ac if "CD_XC" in family.ratios else xd * bc
    cd = xd - xb + bc if "AD_XA" in family.ratios else of_cx
    lowest, highest = family.ends("CD_BC")
    if cd <= 0 or not lowest - EXACT <= cd / bc <= highest + EXACT:
        return None
    return 1.0, xb, bc, cd


def textbook(family: Harmonic, grid: int = GRID) -> Iterator[tuple[float, float, float, float]]:
    """Give the legs of every consistent shape of a grid over the family's ranges."""
    for xb in _between(_b(family), grid):
        for ac in _between(family.ends("XC_XA" if "XC_XA" in family.ratios else "BC_AB"), grid):
            for xd in _between(_d(family), grid):
                made = leg_lengths(family, xb, ac, xd)
                if made is not None:
                    yield made


def sampled(rng: np.random.Generator, family: Harmonic, noise: float) -> Outline:
    """Return a shape with ratios from the family's ranges, each leg × exp(N(0, noise)), up or down."""
    made = None
    while made is None:
        ends = (_b(family), family.ends("XC_XA" if "XC_XA" in family.ratios else "BC_AB"), _d(family))
        made = leg_lengths(family, *(float(rng.uniform(*one)) for one in ends))
    height = float(rng.uniform(*HEIGHTS))
    side = 1 if rng.random() < 0.5 else -1
    return outline(family.name, [height * leg * float(np.exp(rng.normal(0, noise))) for leg in made], side)


def outline(name: str, lengths: list[float], side: int) -> Outline:
    """Return the turning points of legs that go up and down by turns, with a way in and a way back."""
    approach = 0.6 * lengths[0]
    prices = [side * approach, 0.0]
    for place, length in enumerate(lengths):
        prices.append(prices[-1] + (side if place % 2 == 0 else -side) * length)
    last = len(prices) - 1
    # An odd number of legs ends at the other side.
    prices.append(prices[-1] + (side if len(lengths) % 2 == 0 else -side) * max(8.0, RETURN * lengths[-1]))
    return Outline(name, tuple(prices), (2,) * (len(prices) - 1), last)


def equal_legs(rng: np.random.Generator, noise: float) -> Outline:
    """Return an AB=CD."""
    ac, first = float(rng.uniform(0.382, 0.886)), float(rng.uniform(*HEIGHTS))
    lengths = [first, ac * first, first]
    return outline("abcd", [leg * float(np.exp(rng.normal(0, noise))) for leg in lengths], -1)


def three_drives(rng: np.random.Generator, noise: float) -> Outline:
    """Return three drives of even length."""
    lengths = [float(rng.uniform(*HEIGHTS))]
    extension = float(rng.choice((1.27, 1.618)))
    correction = float(rng.uniform(0.618, 0.786))
    for ratio in (correction, extension, correction, extension):
        lengths.append(lengths[-1] * ratio)
    side = 1 if rng.random() < 0.5 else -1
    return outline("three_drives", [leg * float(np.exp(rng.normal(0, noise))) for leg in lengths], side)


def _b(family: Harmonic) -> tuple[float, float]:
    # A shark's B has no ratio: somewhere inside.
    return (0.3, 0.8) if family.name == "shark" else family.ends("AB_XA")


def _d(family: Harmonic) -> tuple[float, float]:
    return family.ends("AD_XA" if "AD_XA" in family.ratios else "CD_XC" if "CD_XC" in family.ratios else "CD_BC")


def _between(ends: tuple[float, float], grid: int) -> list[float]:
    return [ends[0]] if ends[0] == ends[1] else [float(value) for value in np.linspace(*ends, grid)]
