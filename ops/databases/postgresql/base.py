"""Django's PostgreSQL with cursors and connections that are counted."""

from typing import Any

from django.db.backends.postgresql import base

from ops.databases.cursors import connected, counting, refused


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL."""

    def get_connection_params(self) -> dict[str, Any]:
        """Return what psycopg and its pool are told: the usual, and cursors that count."""
        told: dict[str, Any] = super().get_connection_params()
        told["cursor_factory"] = counting(told["cursor_factory"], self.alias, self.vendor)
        return told

    def get_new_connection(self, conn_params: Any) -> Any:
        """Return a connection: a new one, or one that the pool lends."""
        try:
            return super().get_new_connection(conn_params)
        except Exception:
            refused(self.alias, self.vendor)
            raise

    def _configure_connection(self, connection: Any) -> Any:
        """Prepare a connection for its first use: the one thing that is done to new ones alone, pool or not."""
        connected(self.alias, self.vendor)
        return super()._configure_connection(connection)  # type: ignore[misc]  # django-stubs leaves it out
