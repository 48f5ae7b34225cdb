"""Other charts of the same bars."""

from analysis.indicators.charts import heikin_ashi

__all__ = [
    "heikin_ashi",
]
