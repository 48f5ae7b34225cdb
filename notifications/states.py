"""What can have become of a message."""

from django.db import models


class MessageState(models.TextChoices):
    """pending: to be sent, or sent again; dead: all attempts failed, or one that ends them."""

    PENDING = "pending", "pending"
    DELIVERED = "delivered", "delivered"
    DEAD = "dead", "dead"
