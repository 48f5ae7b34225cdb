"""The ratios of the harmonic patterns of five points. Single numbers are ideals, pairs the ends of a range."""

from dataclasses import dataclass
from math import nan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

MEASURES = ("XB", "AC", "BD", "XD", "XC", "CX")
# What counts how much in the score: the last point's place before the shape of the legs.
WEIGHTS = {"XB": 0.3, "AC": 0.15, "BD": 0.15, "XD": 0.4, "XC": 0.15, "CX": 0.4}
NEXT_XD = (0.886, 1.13, 1.27, 1.414, 1.618, 2.0, 2.24, 2.618)
NEXT_BD = (0.618, 0.786, 1.0)
CARNEY = "Carney, The Harmonic Trader (1999) and Harmonic Trading, vol. 1-2 (2010)"
OGLESBEE = "Oglesbee, Cypher pattern; ratios as Harmonic Trading's followers use them"

Ends = float | tuple[float, float]


@dataclass(frozen=True, slots=True)
class Harmonic:
    """A family: XB = AB/XA, AC = BC/AB, BD = CD/BC, XD = AD/XA, XC = CX/XA, CX = CD/CX.

    `leg` is what the targets are fractions of. `stop` is beyond X, the next XD ratio or the next BD ratio.
    """

    name: str
    ratios: dict[str, Ends]
    stop: Literal["X", "XD", "BD"]
    leg: Literal["AD", "CD"] = "AD"
    source: str = CARNEY

    def ends(self, measure: str) -> tuple[float, float]:
        """Return the lowest and the highest value of a ratio, NaN where there is no limit."""
        ends = self.ratios.get(measure, (nan, nan))
        return ends if isinstance(ends, tuple) else (ends, ends)


USUAL = (0.382, 0.886)
FAMILIES = (
    Harmonic("gartley", {"XB": 0.618, "AC": USUAL, "BD": (1.13, 1.618), "XD": 0.786}, "X"),
    Harmonic("bat", {"XB": (0.382, 0.5), "AC": USUAL, "BD": (1.618, 2.618), "XD": 0.886}, "X"),
    Harmonic("alt_bat", {"XB": 0.382, "AC": USUAL, "BD": (2.0, 3.618), "XD": 1.13}, "XD"),
    Harmonic("butterfly", {"XB": 0.786, "AC": USUAL, "BD": (1.618, 2.24), "XD": (1.27, 1.414)}, "XD"),
    Harmonic("crab", {"XB": (0.382, 0.618), "AC": USUAL, "BD": (2.24, 3.618), "XD": 1.618}, "XD"),
    Harmonic("deep_crab", {"XB": 0.886, "AC": USUAL, "BD": (2.0, 3.618), "XD": 1.618}, "XD"),
    Harmonic(
        "cypher",
        {"XB": (0.382, 0.618), "XC": (1.13, 1.414), "BD": (1.27, 2.0), "CX": 0.786},
        stop="X",
        leg="CD",
        source=OGLESBEE,
    ),
    # B has no ratio but stays inside XA.
    Harmonic("shark", {"XB": (0.0, 1.0), "AC": (1.13, 1.618), "BD": (1.618, 2.24), "XD": (0.886, 1.13)}, "XD", "CD"),
    Harmonic("five_zero", {"XB": (1.13, 1.618), "AC": (1.618, 2.24), "BD": 0.5}, "BD", "CD"),
)
INSIDE_ONLY = {("shark", "XB")}


def table() -> NDArray[np.float64]:
    """Return the ends of every family's ratios, families × ratios × 2."""
    return np.array([[family.ends(measure) for measure in MEASURES] for family in FAMILIES])


def tolerances(point_d: float, point_b: float, range_ends: float) -> NDArray[np.float64]:
    """Return how far each ratio may be off: D's place, B's place, and the ends of any other range."""
    rows = np.full((len(FAMILIES), len(MEASURES)), range_ends)
    for row, family in enumerate(FAMILIES):
        for place, measure in enumerate(MEASURES):
            decides_d = measure in ("XD", "CX") or (family.name == "five_zero" and measure == "BD")
            if (family.name, measure) in INSIDE_ONLY:
                rows[row, place] = 0.0
            elif decides_d or measure == "XB":
                rows[row, place] = point_d if decides_d else point_b
    return rows
