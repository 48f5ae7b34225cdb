"""API keys, whose secret is shown once and only its hash kept; and which of a user's tokens are good."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

KEY_PREFIX = "gta_"


class Scope(models.TextChoices):
    """Say what a key may do; admin includes the others and lets a staff member's key see everybody's."""

    READ = "read", "read"
    SUBMIT = "submit", "submit"
    ADMIN = "admin", "admin"


class ApiKey(models.Model):
    """Hold one key of a user. A key is `gta_<prefix>_<secret>`; the prefix finds the row."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100, help_text="What uses it.")
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    # A plain hash does: the secret has 256 random bits, so there is nothing to guess.
    sha256 = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="To five minutes.")
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "API key"
        # The name it has had since keys were the API's own.
        db_table = "api_apikey"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=models.F("created_at")),
                name="key_expires_after_creation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_usable(self, now: datetime) -> bool:
        """Tell whether the key is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


def new_key() -> tuple[str, str, str]:
    """Return a new key, its prefix, and the hash to keep."""
    prefix = secrets.token_hex(6)
    key = f"{KEY_PREFIX}{prefix}_{secrets.token_urlsafe(32)}"
    return key, prefix, hashed(key)


def hashed(key: str) -> str:
    """Return the hash under which a key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


class TokenVersion(models.Model):
    """Count how often a user's tokens were ended; a user without a row has ended none."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="token_version"
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        # Nobody looks at it by itself.
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.version}"
