"""Indicators of trend."""
