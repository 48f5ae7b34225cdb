"""Django's SQLite with cursors and connections that are counted, and connections that are handed on."""

from typing import Any

from django.db.backends.sqlite3 import base

from ops.databases.cursors import connected, counting, refused
from ops.databases.sqlite3 import waiting


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite. Where connections end with the request (CONN_MAX_AGE is 0), the next one has it, in whatever thread."""

    _file: waiting.File | None = None

    def get_new_connection(self, conn_params: Any) -> Any:
        """Open the file, or take a connection to it that waits."""
        self._file = waiting.file_at(conn_params["database"]) if self.settings_dict["CONN_MAX_AGE"] == 0 else None
        found = None if self._file is None else waiting.taken(self._file)
        if found is not None:
            return found
        try:
            connection = super().get_new_connection(conn_params)
        except Exception:
            refused(self.alias, self.vendor)
            raise
        connected(self.alias, self.vendor)
        return connection

    def _close(self) -> None:
        # After an error nobody knows what it left.
        if self._file is None or self.errors_occurred or not waiting.kept(self._file, self.connection):
            super()._close()  # type: ignore[misc]  # the stubs have it not

    def create_cursor(self, name: Any = None) -> Any:
        """Return a cursor that counts."""
        return self.connection.cursor(factory=counting(base.SQLiteCursorWrapper, self.alias, self.vendor))
