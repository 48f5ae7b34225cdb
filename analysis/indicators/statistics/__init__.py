"""Indicators of statistics."""

from analysis.indicators.statistics import moments, together

__all__ = [
    "moments",
    "together",
]
