"""Name the app to Django and register its channels."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Configure the app that tells somebody outside what has happened."""

    name = "notifications"
    verbose_name = "Notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the channels."""
        from notifications.channels import register_channel
        from notifications.webhook import WebhookAttempt

        register_channel("webhook", WebhookAttempt)
