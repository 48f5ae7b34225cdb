"""Indicators of statistics."""

from analysis.indicators.statistics import hurst, moments, together

__all__ = [
    "hurst",
    "moments",
    "together",
]
