"""Shared maths below the indicators."""
