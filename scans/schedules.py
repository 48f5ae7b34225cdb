"""What scans do when a schedule's own row is edited: they wait for the first time that it has then."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django_celery_beat.models import CrontabSchedule, IntervalSchedule

from scans.models import Scan


@receiver(post_save, sender=CrontabSchedule)
def crontab_saved(instance: CrontabSchedule, created: bool, **_: Any) -> None:
    """Have the next tick look for the next time of the crontab's scans."""
    if not created:
        Scan.objects.filter(crontab=instance).update(next_fire_at=None)


@receiver(post_save, sender=IntervalSchedule)
def interval_saved(instance: IntervalSchedule, created: bool, **_: Any) -> None:
    """Have the next tick look for the next time of the interval's scans."""
    if not created:
        Scan.objects.filter(interval=instance).update(next_fire_at=None)
