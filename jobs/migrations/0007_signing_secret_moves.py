"""The signing secret goes to notifications in Django's state only: its table stays as it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("jobs", "0006_end_reason"), ("notifications", "0001_signing_secret")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("CallbackSecret")]),
    ]
