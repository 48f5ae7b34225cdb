"""The Celery application: settings come from Django, task modules are named, never discovered."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gravity.settings")
# The full Django system check costs half a second a worker; `manage.py check` is its place.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = Celery("gravity")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = ("tasks",)
# Keep a worker child's database connection between tasks; tasks.base drops one that has become unusable.
app.conf.CELERY_DB_REUSE_MAX = 1_000_000_000
