"""Filters of the pages for operators."""
