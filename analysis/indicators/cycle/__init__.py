"""Indicators of cycles."""

from analysis.indicators.cycle import detrended, hilbert

__all__ = [
    "detrended",
    "hilbert",
]
