"""Indicators of momentum."""

from analysis.indicators.momentum import oscillators, rate_of_change, relative_strength, stochastics

__all__ = [
    "oscillators",
    "rate_of_change",
    "relative_strength",
    "stochastics",
]
