"""Other charts of the same bars."""

from analysis.indicators.charts import heikin_ashi, renko

__all__ = [
    "heikin_ashi",
    "renko",
]
