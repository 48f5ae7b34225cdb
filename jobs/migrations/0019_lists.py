"""The admin's list of deliveries is read along an index."""

from django.db import migrations, models

from accounts.concurrent_indexes import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("jobs", "0018_training")]

    operations = [
        AddIndexBeside("delivery", models.Index(fields=["-created_at", "-id"], name="delivery_newest")),
        AddIndexBeside(
            "delivery",
            models.Index(fields=["-created_at", "-id"], name="delivery_dead", condition=models.Q(state="dead")),
        ),
    ]
