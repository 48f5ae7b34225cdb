"""Indicators of volume."""

from analysis.indicators.volume import accumulation, flow, vwap

__all__ = [
    "accumulation",
    "flow",
    "vwap",
]
