"""Signals: what many indicators say together."""

from analysis.indicators.signals import dimensions, phase, ratings

__all__ = [
    "dimensions",
    "phase",
    "ratings",
]
