"""Every indicator of the catalogue, registered by being imported here, a family each."""

from analysis.indicators import charts, cycle, levels, momentum, signals, statistics, trend, volatility, volume

__all__ = [
    "charts",
    "cycle",
    "levels",
    "momentum",
    "signals",
    "statistics",
    "trend",
    "volatility",
    "volume",
]
