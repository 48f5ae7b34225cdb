"""Name the app to Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Configure the app that knows who calls."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
