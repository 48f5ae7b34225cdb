"""Indexes of tables that processes of the release before go on writing while the index is made."""

from typing import Any

from django.db import migrations


class AddIndexBeside(migrations.AddIndex):
    """Make an index without a lock against writers, on PostgreSQL; the migration that has it says `atomic = False`.

    One that was left half made, by a migration that was ended, is made again: PostgreSQL keeps it, and does not use it.
    """

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make it."""
        if schema_editor.connection.vendor != "postgresql" or schema_editor.connection.in_atomic_block:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}")
            schema_editor.add_index(model, self.index, concurrently=True)
