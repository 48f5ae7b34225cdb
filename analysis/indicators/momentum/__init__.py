"""Indicators of momentum."""

from analysis.indicators.momentum import (
    between_averages,
    composites,
    fast_stochastics,
    fisher,
    oscillators,
    rate_of_change,
    relative_strength,
    smoothed_change,
    stochastics,
)

__all__ = [
    "between_averages",
    "composites",
    "fast_stochastics",
    "fisher",
    "oscillators",
    "rate_of_change",
    "relative_strength",
    "smoothed_change",
    "stochastics",
]
