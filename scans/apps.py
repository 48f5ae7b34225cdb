"""Name the app to Django, listen to schedules and register its checks."""

from django.apps import AppConfig


class ScansConfig(AppConfig):
    """Configure the app of the scans."""

    name = "scans"

    def ready(self) -> None:
        """Listen to schedules, and register the checks that read the stored scans.

        They run with `check --database default`, and before migrations.
        """
        from django.core.checks import Tags, register

        from scans import schedules
        from scans.checks import reserved_names_check
        from scans.scale_check import former_scale_check

        assert schedules  # noqa: S101 (it listens from here on)
        register(reserved_names_check, Tags.database)
        register(former_scale_check, Tags.database)
