"""Patterns: events on the bars, registered by being imported here."""

from analysis.patterns import boundaries, candlesticks, continuations, drives, harmonic, reversals

__all__ = [
    "boundaries",
    "candlesticks",
    "continuations",
    "drives",
    "harmonic",
    "reversals",
]
