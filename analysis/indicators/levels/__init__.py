"""Indicators of levels."""

from analysis.indicators.levels import fibonacci, periods, pivots, round_numbers, swings, turning_points

__all__ = [
    "fibonacci",
    "periods",
    "pivots",
    "round_numbers",
    "swings",
    "turning_points",
]
