"""The field takes its new name; the column keeps the one that pods of the release before read and write."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0005_job_symbols")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("job", "ended_because", "end_reason"),
                migrations.AlterField(
                    "job", "end_reason", models.CharField(blank=True, db_column="ended_because", max_length=50)
                ),
            ],
        ),
    ]
