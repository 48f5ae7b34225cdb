"""Every indicator of the catalogue, registered by being imported here, a family each."""

from analysis.indicators import momentum, trend, volatility, volume

__all__ = [
    "momentum",
    "trend",
    "volatility",
    "volume",
]
