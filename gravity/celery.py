"""The Celery application: settings come from Django, task modules are named, never discovered."""

import os
from datetime import datetime

from celery import Celery

from jobs import clock

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gravity.settings")
# The full Django system check costs half a second a worker; `manage.py check` is its place.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")


class Application(Celery):  # type: ignore[misc]  # Celery has no types
    """Celery, by the clock that all processes share: it stamps when a message is over, and times beat's entries."""

    def now(self) -> datetime:
        """Return the time; beat, which calls this all the time, asks the database once a tick."""
        return clock.estimate()


app = Application("gravity")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = ("tasks",)
# Keep a worker child's database connection between tasks; tasks.base drops one that has become unusable.
app.conf.CELERY_DB_REUSE_MAX = 1_000_000_000
