"""Name the app to Django."""

from django.apps import AppConfig


class ForecastsConfig(AppConfig):
    """Configure the app that knows which models there are and which is served."""

    name = "forecasts"
    verbose_name = "Models"
    default_auto_field = "django.db.models.BigAutoField"
