"""Indicators of momentum."""
