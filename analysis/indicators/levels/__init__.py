"""Indicators of levels."""

from analysis.indicators.levels import periods, pivots

__all__ = [
    "periods",
    "pivots",
]
