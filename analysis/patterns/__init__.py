"""Patterns: events on the bars."""
