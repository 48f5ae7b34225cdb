"""Indicators of trend."""

from analysis.indicators.trend import (
    adaptive_averages,
    clouds,
    direction,
    fractal,
    further_averages,
    macd,
    mcginley_vidya,
    moving_averages,
    regression,
    stops,
)

__all__ = [
    "adaptive_averages",
    "clouds",
    "direction",
    "fractal",
    "further_averages",
    "macd",
    "mcginley_vidya",
    "moving_averages",
    "regression",
    "stops",
]
