"""Three sizes of chart patterns: the least height, distance and width of their points; a parameter given beats them."""

from collections.abc import Mapping
from typing import NamedTuple

from analysis.catalog.params import Value, choice, number

BY_SCALE = 0.0  # of a parameter: what its scale says


class Size(NamedTuple):
    """What a scale means: heights and tolerances in ATR14, distances in bars, and the swings that points are among.

    What is allowed goes with the least height where that is small: tops that differ by half of it are not equal.
    """

    height: float
    apart: int
    head: float
    step: float
    near: float  # that equal extremes may be from their mean
    shoulders: float  # the same of shoulders, and of the troughs between them
    touch: float  # that a touch may be from its line
    pole: float
    depth: float
    still: float  # of the height, that a flat line changes over the width
    shortest: int  # bars of a shape between two lines
    wait: float  # of the width, after the last point: so late a close beyond may come in any shape
    swings: tuple[float, ...]
    lines: tuple[float, ...]  # the swings of shapes that are told by the lines through their points
    is_rival_by_bars: bool  # whether an event of another name is a rival over the same bars alone


CLASSIC = Size(
    height=3.0,
    apart=10,
    head=0.5,
    step=0.25,
    near=0.5,
    shoulders=0.75,
    touch=0.45,
    pole=4.0,
    depth=4.0,
    still=0.2,
    shortest=12,
    wait=0.0,
    swings=(0.75, 1.0, 1.5, 2.0, 3.0, 5.0),
    lines=(0.75, 1.0, 1.5, 2.0, 3.0, 5.0),
    is_rival_by_bars=False,
)
SIZES = {
    "short": CLASSIC._replace(
        height=2.0,
        apart=4,
        head=0.25,
        step=0.17,
        near=0.33,
        shoulders=0.5,
        touch=0.35,
        pole=3.5,
        still=0.25,
        shortest=10,
        wait=1.0,
        # A turn of less than half of the least height is a bar or two of noise, and lines may be laid through any.
        swings=(1.0, 1.5, 2.0, 3.0),
        lines=(1.5, 2.0, 3.0),
        is_rival_by_bars=True,
    ),
    "classic": CLASSIC,
    "swing": CLASSIC._replace(height=6.0, apart=22, head=1.0, step=0.75, depth=6.0, still=0.17, shortest=15),
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
