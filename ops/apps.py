"""Name the app to Django and register its checks."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Configure the app that watches all others."""

    name = "ops"
    verbose_name = "Operations"

    def ready(self) -> None:
        """Register the system checks, count jobs from now on, and give migrations the time that they take."""
        from django.core.checks import Tags, register

        from ops import job_metrics
        from ops.checks import broker_policy_check
        from ops.databases import unlimited

        job_metrics.connect()
        unlimited.connect()

        # Only with `check --deploy`: every management command runs the plain checks, and migrate must not wait
        # for a broker.
        register(broker_policy_check, Tags.security, deploy=True)
