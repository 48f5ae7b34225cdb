"""Composition root: environment, settings, Celery app, urls, logs."""

from gravity import multiprocess
from gravity.celery import app as celery_app

__all__ = ["celery_app", "multiprocess"]
