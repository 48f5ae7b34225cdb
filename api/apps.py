"""Name the app to Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Configure the app that speaks HTTP and owns the API keys."""

    name = "api"
    verbose_name = "API"
    default_auto_field = "django.db.models.BigAutoField"
