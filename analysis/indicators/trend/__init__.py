"""Indicators of trend."""

from analysis.indicators.trend import (
    adaptive_averages,
    clouds,
    direction,
    fractal,
    further_averages,
    macd,
    moving_averages,
    regression,
    steered_averages,
    stops,
)

__all__ = [
    "adaptive_averages",
    "clouds",
    "direction",
    "fractal",
    "further_averages",
    "macd",
    "moving_averages",
    "regression",
    "steered_averages",
    "stops",
]
