"""Pictures: bars, columns and plain events in, a description out, and SVG of it. Knows neither jobs nor a database."""

from charts.composition import UnknownEvent, compose
from charts.description import Chart
from charts.drawing import draw
from charts.layout import MAX_HEIGHT, MAX_WIDTH, MIN_HEIGHT, MIN_WIDTH, WIDTH, TooSmall
from charts.windows import MAX_BARS

__all__ = [
    "MAX_BARS",
    "MAX_HEIGHT",
    "MAX_WIDTH",
    "MIN_HEIGHT",
    "MIN_WIDTH",
    "WIDTH",
    "Chart",
    "TooSmall",
    "UnknownEvent",
    "compose",
    "draw",
]
