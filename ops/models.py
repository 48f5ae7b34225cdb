"""Workers that are to take no more."""

from django.db import models


class Drain(models.Model):
    """That a worker, as it runs now, finishes what it has and takes no more; it is over when that worker ends."""

    worker = models.CharField(max_length=200, primary_key=True)
    asked_at = models.DateTimeField()
    by = models.CharField(max_length=200)
    # Since when it has nothing left, as it says itself.
    empty_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.worker
