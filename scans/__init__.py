"""Scans: a universe, a rule and a schedule, run by beat as ordinary jobs."""
