"""Indicators of trend."""

from analysis.indicators.trend import (
    adaptive_averages,
    clouds,
    direction,
    directional_movement,
    fractal,
    further_averages,
    macd,
    mcginley_vidya,
    midpoints,
    moving_averages,
    regression,
    regression_channel,
    stops,
    straightness,
    super_smoother,
)

__all__ = [
    "adaptive_averages",
    "clouds",
    "direction",
    "directional_movement",
    "fractal",
    "further_averages",
    "macd",
    "mcginley_vidya",
    "midpoints",
    "moving_averages",
    "regression",
    "regression_channel",
    "stops",
    "straightness",
    "super_smoother",
]
