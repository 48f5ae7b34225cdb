"""Name the app to Django and register its checks."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Configure the app that watches all others."""

    name = "ops"
    verbose_name = "Operations"

    def ready(self) -> None:
        """Register the system checks, and count jobs from now on."""
        from django.core.checks import Tags, register

        from ops import job_metrics
        from ops.checks import broker_policy_check

        job_metrics.connect()

        # Only with `check --deploy`: every management command runs the plain checks, and migrate must not wait
        # for a broker.
        register(broker_policy_check, Tags.security, deploy=True)
