"""Pictures: bars, columns and plain events in, SVG out. Knows neither jobs nor a database."""

from charts.drawing import MAX_BARS, draw

__all__ = ["MAX_BARS", "draw"]
