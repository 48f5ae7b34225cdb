"""Indicators of volatility."""

from analysis.indicators.volatility import bands, deviation, estimators, exits, measures, ranges, squeeze

__all__ = [
    "bands",
    "deviation",
    "estimators",
    "exits",
    "measures",
    "ranges",
    "squeeze",
]
