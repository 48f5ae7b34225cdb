"""The ratios of the harmonic patterns of five points. Single numbers are ideals, pairs the ends of a range."""

from dataclasses import dataclass
from math import nan
from typing import Literal

import numpy as np

from analysis.arrays import Floats

MEASURES = ("AB_XA", "BC_AB", "CD_BC", "AD_XA", "XC_XA", "CD_XC")
# What counts how much in the score: the last point's place before the shape of the legs.
WEIGHTS = {"AB_XA": 0.3, "BC_AB": 0.15, "CD_BC": 0.15, "AD_XA": 0.4, "XC_XA": 0.15, "CD_XC": 0.4}
NEXT_AD_XA = (0.886, 1.13, 1.27, 1.414, 1.618, 2.0, 2.24, 2.618)
NEXT_CD_BC = (0.618, 0.786, 1.0)
CARNEY = "Carney, The Harmonic Trader (1999) and Harmonic Trading, vol. 1-2 (2010)"
OGLESBEE = "Oglesbee, Cypher pattern; ratios as Harmonic Trading's followers use them"

Ends = float | tuple[float, float]


@dataclass(frozen=True, slots=True)
class Harmonic:
    """A family; AB_XA is the leg AB over the leg XA, and so on, XC_XA and CD_XC with the way from X to C.

    `leg` is what the targets are fractions of. `stop` is beyond X, the next AD_XA ratio or the next CD_BC ratio.
    """

    name: str
    ratios: dict[str, Ends]
    stop: Literal["X", "AD_XA", "CD_BC"]
    leg: Literal["AD", "CD"] = "AD"
    source: str = CARNEY

    def ends(self, measure: str) -> tuple[float, float]:
        """Return the lowest and the highest value of a ratio, NaN where there is no limit."""
        ends = self.ratios.get(measure, (nan, nan))
        return ends if isinstance(ends, tuple) else (ends, ends)


USUAL = (0.382, 0.886)
FAMILIES = (
    Harmonic("gartley", {"AB_XA": 0.618, "BC_AB": USUAL, "CD_BC": (1.13, 1.618), "AD_XA": 0.786}, "X"),
    Harmonic("bat", {"AB_XA": (0.382, 0.5), "BC_AB": USUAL, "CD_BC": (1.618, 2.618), "AD_XA": 0.886}, "X"),
    Harmonic("alt_bat", {"AB_XA": 0.382, "BC_AB": USUAL, "CD_BC": (2.0, 3.618), "AD_XA": 1.13}, "AD_XA"),
    Harmonic("butterfly", {"AB_XA": 0.786, "BC_AB": USUAL, "CD_BC": (1.618, 2.24), "AD_XA": (1.27, 1.414)}, "AD_XA"),
    Harmonic("crab", {"AB_XA": (0.382, 0.618), "BC_AB": USUAL, "CD_BC": (2.24, 3.618), "AD_XA": 1.618}, "AD_XA"),
    Harmonic("deep_crab", {"AB_XA": 0.886, "BC_AB": USUAL, "CD_BC": (2.0, 3.618), "AD_XA": 1.618}, "AD_XA"),
    Harmonic(
        "cypher",
        {"AB_XA": (0.382, 0.618), "XC_XA": (1.13, 1.414), "CD_BC": (1.27, 2.0), "CD_XC": 0.786},
        stop="X",
        leg="CD",
        source=OGLESBEE,
    ),
    # B has no ratio but stays inside XA.
    Harmonic(
        "shark",
        {"AB_XA": (0.0, 1.0), "BC_AB": (1.13, 1.618), "CD_BC": (1.618, 2.24), "AD_XA": (0.886, 1.13)},
        "AD_XA",
        "CD",
    ),
    Harmonic("five_zero", {"AB_XA": (1.13, 1.618), "BC_AB": (1.618, 2.24), "CD_BC": 0.5}, "CD_BC", "CD"),
)
INSIDE_ONLY = {("shark", "AB_XA")}


def table() -> Floats:
    """Return the ends of every family's ratios, families × ratios × 2."""
    return np.array([[family.ends(measure) for measure in MEASURES] for family in FAMILIES])


def tolerances(point_d: float, point_b: float, range_ends: float) -> Floats:
    """Return how far each ratio may be off: D's place, B's place, and the ends of any other range."""
    rows = np.full((len(FAMILIES), len(MEASURES)), range_ends)
    for row, family in enumerate(FAMILIES):
        for place, measure in enumerate(MEASURES):
            decides_d = measure in ("AD_XA", "CD_XC") or (family.name == "five_zero" and measure == "CD_BC")
            if (family.name, measure) in INSIDE_ONLY:
                rows[row, place] = 0.0
            elif decides_d or measure == "AB_XA":
                rows[row, place] = point_d if decides_d else point_b
    return rows
