"""The admin's list of messages is read along an index, whatever is chosen there."""

from django.conf import settings
from django.db import migrations, models

from accounts.concurrent_indexes import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("notifications", "0003_permissions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexBeside("message", models.Index(fields=["-created_at", "-id"], name="message_newest")),
        AddIndexBeside("message", models.Index(fields=["owner", "-created_at", "-id"], name="message_owner_newest")),
        AddIndexBeside("message", models.Index(fields=["kind", "-created_at", "-id"], name="message_kind_newest")),
        AddIndexBeside(
            "message",
            models.Index(fields=["-created_at", "-id"], name="message_dead", condition=models.Q(state="dead")),
        ),
    ]
