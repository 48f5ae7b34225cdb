"""Thin Celery shells: take an id, make one call into the domain."""

from tasks import analysis, callbacks, forecasts, maintenance, scans, schedule
from tasks.worker import drain, ending, exposition, heartbeat, rlimit, startup, tracing, trimming

__all__ = [
    "analysis",
    "callbacks",
    "drain",
    "ending",
    "exposition",
    "forecasts",
    "heartbeat",
    "maintenance",
    "rlimit",
    "scans",
    "schedule",
    "startup",
    "tracing",
    "trimming",
]
