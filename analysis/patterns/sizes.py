"""Three sizes of chart patterns: the least height, distance and width of their points; a parameter given beats them."""

from collections.abc import Mapping
from typing import NamedTuple

from analysis.catalog.params import Value, choice, number

BY_SCALE = 0.0  # of a parameter: what its scale says


class Size(NamedTuple):
    """What a scale means: heights in ATR14, distances in bars, and the swings that points are looked for among."""

    height: float
    apart: int
    head: float
    step: float
    pole: float
    depth: float
    still: float  # of the height, that a flat line changes over the width
    shortest: int  # bars of a shape between two lines
    swings: tuple[float, ...]


SIZES = {
    "short": Size(2.0, 4, 0.45, 0.1, 3.5, 4.0, 0.25, 10, (0.75, 1.0, 1.5, 2.0, 3.0)),
    "classic": Size(3.0, 10, 0.5, 0.25, 4.0, 4.0, 0.2, 12, (0.75, 1.0, 1.5, 2.0, 3.0, 5.0)),
    "swing": Size(6.0, 22, 1.0, 0.75, 4.0, 6.0, 0.17, 15, (0.75, 1.0, 1.5, 2.0, 3.0, 5.0)),
}
SCALE = choice("scale", "classic", tuple(SIZES), "How large: points 2 ATR14 and 5 bars apart, 3 and 10, or 6 and 22.")
HEIGHT = number("min_height_atr", BY_SCALE, 0.0, 50.0, "The least height in ATR14 at the last point; 0: by scale.")


def size_of(values: Mapping[str, Value]) -> Size:
    """Return the size that the parameters ask for."""
    size = SIZES[str(values["scale"])]
    return size._replace(height=value_of(values, "min_height_atr", size.height))


def value_of(values: Mapping[str, Value], name: str, otherwise: float) -> float:
    """Return a parameter's value, or that of the scale."""
    return float(values.get(name, BY_SCALE)) or otherwise
