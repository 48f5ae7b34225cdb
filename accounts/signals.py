"""What others may want to know of credentials."""

from django.dispatch import Signal

# Sent after keys were revoked in this process: whatever was worked out for a credential before is to be forgotten.
credential_revoked = Signal()
