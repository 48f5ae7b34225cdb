"""Name the app to Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Configure the app that speaks HTTP."""

    name = "api"
    verbose_name = "API"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the response cache hear of keys that are revoked."""
        # Imported only now: metrics and settings must be set up before.
        from accounts.signals import credential_revoked
        from api.response_cache import forget_all

        credential_revoked.connect(forget_all)
