"""The tables of what is sent to somebody outside."""

from django.conf import settings
from django.db import models


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
