"""Patterns: events on the bars, registered by being imported here."""

from analysis.patterns import (
    abcd_and_three_drives,
    boundaries,
    candlesticks,
    continuations,
    darvas,
    divergence,
    elliott,
    fair_value_gap,
    harmonic,
    high_tight_flag,
    levels,
    order_block,
    reversals,
    structure,
    tweezers,
    wyckoff,
)

__all__ = [
    "abcd_and_three_drives",
    "boundaries",
    "candlesticks",
    "continuations",
    "darvas",
    "divergence",
    "elliott",
    "fair_value_gap",
    "harmonic",
    "high_tight_flag",
    "levels",
    "order_block",
    "reversals",
    "structure",
    "tweezers",
    "wyckoff",
]
