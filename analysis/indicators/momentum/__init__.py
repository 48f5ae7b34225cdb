"""Indicators of momentum."""

from analysis.indicators.momentum import (
    between_averages,
    composites,
    fast_stochastics,
    filtered_strength,
    fisher,
    oscillators,
    rate_of_change,
    relative_strength,
    sequential,
    smoothed_change,
    smoothed_position,
    stochastics,
)

__all__ = [
    "between_averages",
    "composites",
    "fast_stochastics",
    "filtered_strength",
    "fisher",
    "oscillators",
    "rate_of_change",
    "relative_strength",
    "sequential",
    "smoothed_change",
    "smoothed_position",
    "stochastics",
]
