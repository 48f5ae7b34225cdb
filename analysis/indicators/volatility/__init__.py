"""Indicators of volatility."""

from analysis.indicators.volatility import (
    bands,
    deviation,
    envelopes,
    estimators,
    exits,
    measures,
    ranges,
    squeeze,
    trailing_stops,
)

__all__ = [
    "bands",
    "deviation",
    "envelopes",
    "estimators",
    "exits",
    "measures",
    "ranges",
    "squeeze",
    "trailing_stops",
]
