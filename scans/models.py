"""Scans and their runs."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_celery_beat.models import CrontabSchedule, IntervalSchedule

ONE_SCHEDULE = "Give either a crontab or an interval."


class Scan(models.Model):
    """Analyses over a universe, on a schedule that is edited in the admin."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.SlugField(max_length=60)
    universe = models.CharField(max_length=64)
    timeframe = models.CharField(max_length=5, default="1d")
    analyses = models.JSONField()
    benchmark = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="The symbol of a second series, if there is one.",
    )
    crontab = models.ForeignKey(CrontabSchedule, null=True, blank=True, on_delete=models.PROTECT)
    interval = models.ForeignKey(IntervalSchedule, null=True, blank=True, on_delete=models.PROTECT)
    enabled = models.BooleanField(default=True)
    next_fire_at = models.DateTimeField(null=True, blank=True, help_text="Empty: decided at the next tick.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="scan_name_once"),
            models.CheckConstraint(
                condition=Q(crontab__isnull=True) ^ Q(interval__isnull=True),
                name="scan_one_schedule",
                violation_error_message=ONE_SCHEDULE,
            ),
        ]
        indexes = [models.Index(fields=["next_fire_at"], name="scan_due", condition=Q(enabled=True))]

    def __str__(self) -> str:
        return self.name


class ScanRun(models.Model):
    """One firing of a scan: there is at most one for each fire time, however many beats there are."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="runs")
    fire_at = models.DateTimeField()
    started_at = models.DateTimeField()
    job_id = models.UUIDField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scan", "fire_at"], name="run_once_per_fire")]

    def __str__(self) -> str:
        return f"{self.scan} at {self.fire_at:%Y-%m-%d %H:%M:%S}"
