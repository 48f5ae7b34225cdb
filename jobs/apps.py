"""Name the app to Django and register the messages that jobs owe."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Configure the app that owns jobs and chunks."""

    name = "jobs"
    verbose_name = "Jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register how the end of a job is told, and the table that held such messages before."""
        from jobs import callbacks
        from notifications.kinds import register_kind
        from notifications.tables import register_predecessor

        register_kind(callbacks.KIND, render=callbacks.render)
        register_predecessor(callbacks.KIND, callbacks.deliveries)
