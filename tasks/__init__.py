"""Thin Celery shells: take an id, make one call into the domain."""
