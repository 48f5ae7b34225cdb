"""Indicators of cycles."""

from analysis.indicators.cycle import detrended, hilbert, periodogram, schaff

__all__ = [
    "detrended",
    "hilbert",
    "periodogram",
    "schaff",
]
