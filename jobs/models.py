"""The job tables. Rows change state only through jobs.transitions; there is no save() on them anywhere."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from jobs.hold_rows import Hold as Hold
from jobs.ids import job_id
from jobs.kinds import Kind
from jobs.owner_sums import EndedCount as EndedCount
from jobs.owner_sums import StorageUse as StorageUse
from jobs.states import CHUNK_STATES, OPEN, State
from notifications.states import MessageState


class Blob(models.Model):
    """Bytes written once: inline bars, or the packed results of one attempt at a chunk."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    data = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.size} bytes)"


class Job(models.Model):
    id = models.UUIDField(primary_key=True, default=job_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=State.ACCEPTED)
    kind = models.CharField(max_length=10, default=Kind.ANALYSIS, db_default=Kind.ANALYSIS)
    queue = models.CharField(max_length=20)
    request = models.JSONField()
    plan = models.JSONField()
    timeframe = models.CharField(max_length=5)
    engine = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=71, blank=True)
    # What it was accepted to be computed with; a worker of other sources computes it, and marks it not reusable.
    sources = models.CharField(max_length=16, blank=True, default="", db_default="")
    bars_blob = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    symbol_count = models.PositiveIntegerField()
    chunk_count = models.PositiveIntegerField()
    ok_count = models.PositiveIntegerField(default=0)
    failed_count = models.PositiveIntegerField(default=0)
    reused = models.BooleanField(default=False)
    # Identical jobs that come while it is under way may wait for its result.
    leads = models.BooleanField(default=False, db_default=False)
    # The job whose result it waits for, which may be gone: the sweep sees to that.
    waits_for = models.UUIDField(null=True)
    retry_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="retries")
    request_id = models.CharField(max_length=64, blank=True)
    # The span of that request (W3C Trace Context), to which the worker's belong; empty: it is not traced.
    traceparent = models.CharField(max_length=55, blank=True, default="", db_default="")
    idempotency_key = models.CharField(max_length=200, null=True)
    body_hash = models.CharField(max_length=64, blank=True)
    # Why it ended otherwise than as asked: a code of jobs.end_reasons.
    end_reason = models.CharField(max_length=50, blank=True, db_column="ended_because")
    retention = models.CharField(max_length=10, default="30d")
    # What it is expected to take of its owner's storage, and what it takes since it is over (jobs.storage_use).
    expected_bytes = models.BigIntegerField(default=0, db_default=0)
    stored_bytes = models.BigIntegerField(default=0, db_default=0)
    deadline_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-id"], name="job_owner_newest"),
            models.Index(fields=["owner", "state", "-id"], name="job_owner_state"),
            models.Index(fields=["state", "-id"], name="job_state_newest"),
            models.Index(
                fields=["fingerprint"],
                name="job_reusable",
                condition=Q(state=State.SUCCEEDED) & ~Q(fingerprint=""),
            ),
            models.Index(
                fields=["waits_for"],
                name="job_followers",
                condition=Q(waits_for__isnull=False, state=State.ACCEPTED),
            ),
            models.Index(
                fields=["deadline_at"],
                name="job_deadlines",
                condition=Q(deadline_at__isnull=False, finished_at__isnull=True),
            ),
            models.Index(fields=["retention", "finished_at"], name="job_retention"),
            models.Index(fields=["request_id", "-id"], name="job_of_request", condition=~Q(request_id="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "idempotency_key"], name="job_once_per_key"),
            # Of identical jobs that are submitted at the same moment one leads, and the others find it.
            models.UniqueConstraint(
                fields=["fingerprint", "owner", "queue"],
                name="job_leads_once",
                condition=Q(leads=True, state__in=[State.ACCEPTED, State.QUEUED, State.RUNNING]),
            ),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="job_state_known"),
            # A training takes a worker for minutes.
            models.UniqueConstraint(
                fields=["owner"],
                name="job_trains_once",
                condition=Q(kind=Kind.TRAINING, state__in=OPEN),
            ),
        ]

    @property
    def is_inline(self) -> bool:
        """Return whether its bars came inside its request; a benchmark may have, beside stored series."""
        return self.bars_blob_id is not None and self.request.keys().isdisjoint(("symbols", "universe"))

    def __str__(self) -> str:
        return str(self.id)

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("A job's row changes only through jobs.transitions.")


class JobTag(models.Model):
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="tag_rows")
    tag = models.CharField(max_length=50)
    # The job's, so that a tag of everybody's is found among one's own. None: written by release 1.1, until the sweep.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "tag"], name="job_tag_once")]
        indexes = [
            models.Index(fields=["tag", "-job"], name="tag_newest"),
            models.Index(fields=["owner", "tag", "-job"], name="tag_owner_newest"),
            models.Index(fields=["id"], name="tag_unowned", condition=Q(owner__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.tag


class JobSymbol(models.Model):
    """A symbol that a job is asked about."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="symbol_rows")
    symbol = models.CharField(max_length=40)
    # As JobTag's.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["symbol", "-job"], name="symbol_newest"),
            models.Index(fields=["owner", "symbol", "-job"], name="symbol_owner_newest"),
            models.Index(fields=["id"], name="symbol_unowned", condition=Q(owner__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.symbol


class Chunk(models.Model):
    """Part of a job: the row is the outbox, the lease and the fence of the work on its symbols."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="chunks")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    queue = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=State.ACCEPTED)
    attempt = models.PositiveIntegerField(default=0)
    # [[symbol, series id, series fingerprint, adjustment], …]; without id and adjustment for inline bars.
    items = models.JSONField()
    item_count = models.PositiveIntegerField()
    ok_count = models.PositiveIntegerField(default=0)
    failures = models.JSONField(default=list)
    # Of a training: its stage, how much of that is done, and in the end what it came to (jobs.training).
    progress = models.JSONField(null=True)
    # False when the answer is not the fingerprint's: the last bar was open, or the series changed on the way.
    reusable = models.BooleanField(default=True)
    blob = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    error_code = models.CharField(max_length=50, blank=True)
    error_detail = models.TextField(blank=True)
    worker = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    lease_expires_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["queue", "owner", "id"],
                name="chunk_backlog",
                condition=Q(state=State.ACCEPTED),
            ),
            models.Index(
                fields=["queue", "queued_at"],
                name="chunk_window",
                condition=Q(state=State.QUEUED),
            ),
            models.Index(
                fields=["lease_expires_at"],
                name="chunk_leases",
                condition=Q(state=State.RUNNING),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["job", "position"], name="chunk_position_once"),
            models.CheckConstraint(condition=Q(state__in=sorted(CHUNK_STATES)), name="chunk_state_known"),
            models.CheckConstraint(
                condition=~Q(state=State.RUNNING) | Q(lease_expires_at__isnull=False),
                name="chunk_running_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SUCCEEDED) | Q(blob__isnull=False),
                name="chunk_succeeded_has_blob",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.position}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("A chunk's row changes only through jobs.transitions.")


class Transition(models.Model):
    """One row per change of state: who moved what, from where to where, and why."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="transitions")
    chunk = models.ForeignKey(Chunk, null=True, on_delete=models.CASCADE, related_name="transitions")
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    attempt = models.PositiveIntegerField(default=0)
    actor = models.CharField(max_length=200)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.from_state or '–'} → {self.to_state}"


class Tombstone(models.Model):
    """What stays of a job that was deleted: its summary, its fingerprint, and where its archive is."""

    id = models.UUIDField(primary_key=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=71, blank=True)
    summary = models.JSONField()
    archive = models.CharField(max_length=200, blank=True)
    # Which bytes of the file are this job's: several deleted together share one. None: all, as release 1.1 wrote them.
    archive_offset = models.BigIntegerField(null=True)
    archive_length = models.BigIntegerField(null=True)
    deleted_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["deleted_at"], name="tombstone_age"),
            models.Index(fields=["deleted_at"], name="tombstone_unarchived", condition=Q(archive="")),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Delivery(models.Model):
    """A message as release 1.1 owes it, one of a job; nothing here writes new ones (jobs.callbacks)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="delivery")
    url = models.CharField(max_length=2_000)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    # [{at, status, error, seconds}, …], the last ones.
    log = models.JSONField(default=list)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due", condition=Q(state=MessageState.PENDING)),
            models.Index(fields=["-created_at", "-id"], name="delivery_newest"),
            models.Index(fields=["-created_at", "-id"], name="delivery_dead", condition=Q(state=MessageState.DEAD)),
        ]

    def __str__(self) -> str:
        return f"msg_{self.id.hex}"
