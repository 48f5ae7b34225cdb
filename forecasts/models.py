"""Which models were registered, what each is used for, and what was found when they were read."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Status(models.TextChoices):
    """Say what a model is used for: the champion answers, the shadow is asked beside it and only kept."""

    CANDIDATE = "candidate", "candidate"
    SHADOW = "shadow", "shadow"
    CHAMPION = "champion", "champion"
    RETIRED = "retired", "retired"


class ModelVersion(models.Model):
    """Hold one version of a model by the sha256 of its card; of each name at most one is champion, and one shadow.

    One that was trained here has an owner, who sees it before it was ever served, or none if it is everybody's, and the
    sha256 of all that it was trained with: the same is never trained twice.
    """

    name = models.CharField(max_length=64)
    version = models.CharField(max_length=14)
    sha256 = models.CharField(max_length=64, help_text="Of card.json, which names that of the trees.")
    status = models.CharField(max_length=9, choices=Status, default=Status.CANDIDATE)
    registered_at = models.DateTimeField()
    promoted_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="Who trained it."
    )
    trained_with = models.CharField(max_length=64, null=True, unique=True)

    class Meta:
        verbose_name = "model"
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="model_version_once"),
            models.UniqueConstraint(fields=["name"], condition=Q(status="champion"), name="one_champion_a_name"),
            models.UniqueConstraint(fields=["name"], condition=Q(status="shadow"), name="one_shadow_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"


class DeletedVersion(models.Model):
    """Hold the name of a model that was deleted, so that no other ever gets it: jobs and the audit log say it."""

    name = models.CharField(max_length=64)
    version = models.CharField(max_length=14)
    sha256 = models.CharField(max_length=64)
    deleted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="deleted_version_once")]

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


class Result(models.TextChoices):
    """Say what became of an event whose prediction was kept; empty until its life is over."""

    PENDING = "", "pending"
    TARGET = "target", "target first"
    STOP = "stop", "stop first"
    TIMEOUT = "timeout", "neither in time"
    PASSED = "passed", "target or stop passed at the entry"
    GONE = "gone", "the series or the bar is not there any more"


class KeptPrediction(models.Model):
    """Hold what a model said of an event of a stored series before the first bar after it had closed.

    There is no foreign key to the series: it may go, and what was said of it stays. An event's id alone is shared by
    symbols. `due_bars` is how many bars the series has when the event's life is over.
    """

    model = models.CharField(max_length=80, help_text="Name and version.")
    sha256 = models.CharField(max_length=64, help_text="Of the model's card.")
    series_id = models.BigIntegerField()
    symbol = models.CharField(max_length=40)
    timeframe = models.CharField(max_length=8)
    event = models.CharField(max_length=40)
    name = models.CharField(max_length=64)
    side = models.SmallIntegerField()
    bar_ns = models.BigIntegerField(help_text="Opening time of the confirming bar, ns.")
    reference = models.FloatField(help_text="Its close: by it prices are compared after an adjustment.")
    target = models.FloatField()
    stop = models.FloatField()
    life = models.PositiveIntegerField()
    p_target = models.FloatField()
    p_stop = models.FloatField()
    chance_target = models.FloatField()
    chance_stop = models.FloatField()
    served_at = models.DateTimeField()
    due_bars = models.PositiveIntegerField()
    result = models.CharField(max_length=8, choices=Result, default=Result.PENDING, blank=True)
    r = models.FloatField(null=True, help_text="Gain in units of what was risked, before costs.")
    scored_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "series_id", "timeframe", "event"], name="prediction_kept_once"),
        ]
        indexes = [
            models.Index(fields=["series_id"], condition=Q(result=""), name="predictions_pending"),
            models.Index(fields=["served_at"], name="predictions_by_age"),
            # The admin's list by what can be chosen and looked for there; all of it is read along their age.
            models.Index(fields=["result", "-served_at", "-id"], name="predictions_of_result"),
            models.Index(fields=["model", "-served_at", "-id"], name="predictions_of_model"),
            models.Index(fields=["symbol", "-served_at", "-id"], name="predictions_of_symbol"),
            models.Index(fields=["name", "-served_at", "-id"], name="predictions_of_pattern"),
        ]

    def __str__(self) -> str:
        return f"{self.symbol} {self.name}: {self.result or 'pending'}"


class ModelReport(models.Model):
    """Hold the newest figures of a model: how its predictions came out, of late too and beside the served one's, and
    how far its events drift.
    """

    class Kind(models.TextChoices):
        """Say what was measured."""

        SCORE = "score", "scorecard"
        DRIFT = "drift", "drift"
        COMPARISON = "compared", "comparison"
        RECENT = "recent", "recent"

    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind)
    figures = models.JSONField()
    measured_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "kind"], name="one_report_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.sha256[:12]}"


class Fallback(models.Model):
    """Hold that a model was worse than chance beyond doubt while it served: chance answers until staff lift it."""

    sha256 = models.CharField(max_length=64, help_text="Of the model's card.")
    model = models.CharField(max_length=80, help_text="Name and version.")
    figures = models.JSONField(help_text="What it was measured to have lost.")
    fell_back_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256"], condition=Q(lifted_at=None), name="one_fallback_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.model} since {self.fell_back_at:%Y-%m-%d}"
