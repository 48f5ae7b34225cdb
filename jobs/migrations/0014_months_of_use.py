from typing import Any

from django.db import migrations, models

# A fifth of a table, PostgreSQL's own measure, is days of jobs, and each leaves three dead rows in either table: a table
# is a quarter larger than it need be, and vacuumed for hours. A setting of a table changes no row, waits for no writer,
# and is nothing to older processes.
TABLES = ("jobs_job", "jobs_chunk")
OPTIONS = {"autovacuum_vacuum_scale_factor": "0.01", "autovacuum_vacuum_threshold": "1000"}


def set_options(apps: Any, schema_editor: Any) -> None:
    """Have PostgreSQL vacuum after some thousand jobs."""
    _alter(schema_editor, "SET", ", ".join(f"{name} = {value}" for name, value in OPTIONS.items()))


def reset_options(apps: Any, schema_editor: Any) -> None:
    """Leave it to the database's own settings."""
    _alter(schema_editor, "RESET", ", ".join(OPTIONS))


def _alter(schema_editor: Any, verb: str, options: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} {verb} ({options})")


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0013_joining'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['state', '-id'], name='job_state_newest'),
        ),
        migrations.AddIndex(
            model_name='tombstone',
            index=models.Index(condition=models.Q(('archive', '')), fields=['deleted_at'], name='tombstone_unarchived'),
        ),
        migrations.RunPython(set_options, reset_options),
    ]
