"""Indicators of statistics."""

from analysis.indicators.statistics import dispersion, hurst, moments, performance, together

__all__ = [
    "dispersion",
    "hurst",
    "moments",
    "performance",
    "together",
]
