"""Patterns: events on the bars, registered by being imported here."""

from analysis.patterns import candlesticks, drives, harmonic

__all__ = [
    "candlesticks",
    "drives",
    "harmonic",
]
