"""What others may want to know of credentials."""

from django.dispatch import Signal

# Sent after keys or tokens were ended in this process, or a user was changed who may have some: whatever was worked out
# for a credential before is to be forgotten.
credential_revoked = Signal()
