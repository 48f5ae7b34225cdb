"""Django's SQLite with cursors and connections that are counted."""

from typing import Any

from django.db.backends.sqlite3 import base

from ops.databases.cursors import connected, counting, refused


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite."""

    def get_new_connection(self, conn_params: Any) -> Any:
        """Open the file."""
        try:
            connection = super().get_new_connection(conn_params)
        except Exception:
            refused(self.alias, self.vendor)
            raise
        connected(self.alias, self.vendor)
        return connection

    def create_cursor(self, name: Any = None) -> Any:
        """Return a cursor that counts."""
        return self.connection.cursor(factory=counting(base.SQLiteCursorWrapper, self.alias, self.vendor))
