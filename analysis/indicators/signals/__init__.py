"""Signals: what many indicators say together."""

from analysis.indicators.signals import ratings

__all__ = [
    "ratings",
]
