"""Name the app to Django, listen to schedules and register its check."""

from django.apps import AppConfig


class ScansConfig(AppConfig):
    """Configure the app of the scans."""

    name = "scans"

    def ready(self) -> None:
        """Listen to schedules, and register the check that reads the stored scans.

        It runs with `check --database default`, and before migrations.
        """
        from django.core.checks import Tags, register

        from scans import schedules
        from scans.checks import reserved_names_check

        assert schedules  # noqa: S101 (it listens from here on)
        register(reserved_names_check, Tags.database)
