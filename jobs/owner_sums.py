"""Sums over an owner's jobs, changed in the transactions that end and delete jobs, so that nobody has to read all."""

from django.conf import settings
from django.db import models


class EndedCount(models.Model):
    """How many more, or fewer, of an owner's jobs have ended in a state: rows are added and never changed.

    Their sum is the number of such jobs, written with the jobs themselves; one row to change would have all wait who
    end a job of that owner. The sweep puts sums in the place of what has piled up.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=10)
    more = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["owner", "state"], name="ended_owner_state")]

    def __str__(self) -> str:
        return f"{self.more:+} {self.state}"


class StorageUse(models.Model):
    """What an owner's finished jobs take of the storage, in parts, so that who end jobs at once write different rows.

    A part alone says nothing and may be below zero; their sum is what is taken.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    part = models.PositiveSmallIntegerField()
    stored_bytes = models.BigIntegerField()
    byte_days = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "storage use"
        constraints = [models.UniqueConstraint(fields=["owner", "part"], name="storage_part_once")]

    def __str__(self) -> str:
        return f"{self.owner_id}/{self.part}"
