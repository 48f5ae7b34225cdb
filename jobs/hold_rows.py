"""What staff have stopped: a queue, or all writing."""

from django.db import models

from jobs.queues import CHUNK_QUEUES

# The hold of everything that writes; the others are named as their queues.
READ_ONLY = "read_only"


class Hold(models.Model):
    """That something stands still since then. Without a row it goes on."""

    name = models.CharField(
        max_length=20,
        primary_key=True,
        choices=[*((queue, f"Queue {queue}") for queue in CHUNK_QUEUES), (READ_ONLY, "Everything that writes")],
    )
    since = models.DateTimeField()
    by = models.CharField(max_length=200)
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name
