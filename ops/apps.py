"""Name the app to Django and register its checks."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Configure the app that watches all others."""

    name = "ops"
    verbose_name = "Operations"

    def ready(self) -> None:
        """Register the system checks, count jobs, give migrations their time, and the admin its home."""
        from django.contrib import admin
        from django.core.checks import Tags, register

        from ops import job_metrics
        from ops.checks import broker_policy_check
        from ops.databases import unlimited

        job_metrics.connect()
        unlimited.connect()
        admin.site.index_template = "ops/admin_home.html"
        admin.site.index_title = "Home"

        # Only with `check --deploy`: every management command runs the plain checks, and migrate must not wait
        # for a broker.
        register(broker_policy_check, Tags.security, deploy=True)
