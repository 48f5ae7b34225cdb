"""Indicators of volatility."""

from analysis.indicators.volatility import bands, deviation, ranges

__all__ = [
    "bands",
    "deviation",
    "ranges",
]
