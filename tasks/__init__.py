"""Thin Celery shells: take an id, make one call into the domain."""

from tasks import analysis, callbacks, exposition, heartbeat, maintenance, memory, scans, schedule, startup

__all__ = ["analysis", "callbacks", "exposition", "heartbeat", "maintenance", "memory", "scans", "schedule", "startup"]
