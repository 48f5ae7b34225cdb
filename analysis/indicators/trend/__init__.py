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
    regression_channel,
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
    "regression_channel",
    "stops",
]
