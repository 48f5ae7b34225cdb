"""Indicators of volatility."""
