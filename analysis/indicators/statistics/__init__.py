"""Indicators of statistics."""

from analysis.indicators.statistics import moments

__all__ = [
    "moments",
]
