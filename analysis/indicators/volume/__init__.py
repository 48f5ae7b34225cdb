"""Indicators of volume."""

from analysis.indicators.volume import accumulation, convergence, flow, indexes, relative, vwap

__all__ = [
    "accumulation",
    "convergence",
    "flow",
    "indexes",
    "relative",
    "vwap",
]
