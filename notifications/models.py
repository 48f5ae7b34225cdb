"""The messages that are owed to somebody outside, and the secrets that sign them."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from notifications.states import MessageState


class Message(models.Model):
    """A message of a kind about a subject, for one address; who owes it registers how it is rendered.

    The subject is another app's row and no foreign key: nothing here knows its table.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=50)
    subject_id = models.CharField(max_length=64)
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=2_000)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    # [{at, status, error, seconds}, …], the last ones.
    log = models.JSONField(default=list)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="message_due", condition=models.Q(state=MessageState.PENDING)),
            # The admin's list: all, those of an owner or a kind, and the few that were given up.
            models.Index(fields=["-created_at", "-id"], name="message_newest"),
            models.Index(fields=["owner", "-created_at", "-id"], name="message_owner_newest"),
            models.Index(fields=["kind", "-created_at", "-id"], name="message_kind_newest"),
            models.Index(
                fields=["-created_at", "-id"], name="message_dead", condition=models.Q(state=MessageState.DEAD)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "kind", "channel", "address"], name="message_once"),
        ]

    def __str__(self) -> str:
        return f"msg_{self.id.hex}"


class SigningSecret(models.Model):
    """What an owner's messages are signed with. Kept as it is: a signature cannot be made from a hash."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    secret = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        # Of jobs, where the model was until 1.1; pods of that release read and write it meanwhile.
        db_table = "jobs_callbacksecret"

    def __str__(self) -> str:
        return f"of {self.created_at:%Y-%m-%d}"
