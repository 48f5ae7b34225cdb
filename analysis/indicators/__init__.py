"""Every indicator of the catalogue, registered by being imported here."""

from analysis.indicators.momentum import oscillators, rate_of_change, relative_strength, stochastics
from analysis.indicators.trend import adaptive_averages, direction, macd, moving_averages, stops
from analysis.indicators.volatility import bands, deviation, ranges
from analysis.indicators.volume import accumulation, flow, vwap

__all__ = [
    "accumulation",
    "adaptive_averages",
    "bands",
    "deviation",
    "direction",
    "flow",
    "macd",
    "moving_averages",
    "oscillators",
    "ranges",
    "rate_of_change",
    "relative_strength",
    "stochastics",
    "stops",
    "vwap",
]
