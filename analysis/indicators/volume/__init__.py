"""Indicators of volume."""
