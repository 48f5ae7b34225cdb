"""Name the app to Django and register its check."""

from django.apps import AppConfig


class ScansConfig(AppConfig):
    """Configure the app of the scans."""

    name = "scans"

    def ready(self) -> None:
        """Register the check that reads the stored scans: with `check --database default`, and before migrations."""
        from django.core.checks import Tags, register

        from scans.checks import reserved_names_check

        register(reserved_names_check, Tags.database)
