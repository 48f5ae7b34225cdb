"""Every indicator of the catalogue, registered by being imported here, a family each."""

from analysis.indicators import momentum, signals, trend, volatility, volume

__all__ = [
    "momentum",
    "signals",
    "trend",
    "volatility",
    "volume",
]
