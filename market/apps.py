"""Name the app to Django."""

from django.apps import AppConfig


class MarketConfig(AppConfig):
    """Configure the app that holds instruments, bars and universes."""

    name = "market"
    verbose_name = "Market data"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the lookup known."""
        from market import among  # noqa: F401
