"""Indicators of trend."""

from analysis.indicators.trend import adaptive_averages, direction, macd, moving_averages, stops

__all__ = [
    "adaptive_averages",
    "direction",
    "macd",
    "moving_averages",
    "stops",
]
