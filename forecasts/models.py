"""Which models were registered, what each is used for, and what was found when they were read."""

from django.db import models
from django.db.models import Q


class Status(models.TextChoices):
    """Say what a model is used for: only the champion is asked."""

    CANDIDATE = "candidate", "candidate"
    CHAMPION = "champion", "champion"
    RETIRED = "retired", "retired"


class ModelVersion(models.Model):
    """Hold one version of a model by the sha256 of its card; of each name at most one is champion, and served."""

    name = models.CharField(max_length=64)
    version = models.CharField(max_length=14)
    sha256 = models.CharField(max_length=64, help_text="Of card.json, which names that of the trees.")
    status = models.CharField(max_length=9, choices=Status, default=Status.CANDIDATE)
    registered_at = models.DateTimeField()
    promoted_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "model"
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="model_version_once"),
            models.UniqueConstraint(fields=["name"], condition=Q(status="champion"), name="one_champion_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"


class Examination(models.Model):
    """Hold what was found when a model was last read; an empty code says that it may be asked."""

    name = models.CharField(max_length=64)
    version = models.CharField(max_length=14)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the card that was read; empty where none was.")
    code = models.CharField(max_length=32, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    examined_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="examined_model_once")]

    def __str__(self) -> str:
        return f"{self.name}/{self.version}: {self.code or 'sound'}"
