"""Name the app to Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Configure the app that knows who calls."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let what is known of a user's keys and tokens be forgotten when the user changes."""
        # Imported only now: models must be set up before.
        from django.contrib.auth import get_user_model
        from django.db.models.signals import post_delete, post_save

        from accounts.services.credentials import user_changed

        for signal in (post_save, post_delete):
            signal.connect(user_changed, sender=get_user_model(), dispatch_uid="accounts.user_changed")
