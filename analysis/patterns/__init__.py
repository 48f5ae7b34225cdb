"""Patterns: events on the bars, registered by being imported here."""

from analysis.patterns import (
    boundaries,
    candlesticks,
    continuations,
    divergence,
    drives,
    elliott,
    harmonic,
    levels,
    reversals,
)

__all__ = [
    "boundaries",
    "candlesticks",
    "continuations",
    "divergence",
    "drives",
    "elliott",
    "harmonic",
    "levels",
    "reversals",
]
