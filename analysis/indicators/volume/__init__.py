"""Indicators of volume."""

from analysis.indicators.volume import (
    accumulation,
    anchored_vwap,
    convergence,
    flow,
    indexes,
    profile,
    relative,
    sides,
    vwap,
    vwap_bands,
)

__all__ = [
    "accumulation",
    "anchored_vwap",
    "convergence",
    "flow",
    "indexes",
    "profile",
    "relative",
    "sides",
    "vwap",
    "vwap_bands",
]
