"""Bars for tests: seeded random walks with consistent highs and lows."""

from analysis.validation.series import DAY_NS, FIRST_NS, random_walk

__all__ = ["DAY_NS", "FIRST_NS", "random_walk"]
