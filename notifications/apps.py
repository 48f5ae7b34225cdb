"""Name the app to Django."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Configure the app that tells somebody outside what has happened."""

    name = "notifications"
    verbose_name = "Notifications"
    default_auto_field = "django.db.models.BigAutoField"
