"""Django's PostgreSQL with cursors and connections that are counted, and limits to what a lost connection costs."""

import threading
from time import monotonic
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from ops.databases.cursors import connected, counting, refused
from ops.databases.postgresql import driver


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL."""

    Database = driver
    _replacing = threading.Lock()

    @property
    def pool(self) -> Any:
        """Return the pool of this process, None without one."""
        if options := self.settings_dict["OPTIONS"].get("pool"):
            options.setdefault("connection_class", driver.BoundedConnection)
        return super().pool

    def get_connection_params(self) -> dict[str, Any]:
        """Return what psycopg and its pool are told: the usual, and cursors that count."""
        told: dict[str, Any] = super().get_connection_params()
        told["cursor_factory"] = counting(told["cursor_factory"], self.alias, self.vendor)
        return told

    def get_new_connection(self, conn_params: Any) -> Any:
        """Return a connection: a new one, or one that the pool lends and that answers."""
        try:
            connection = super().get_new_connection(conn_params)
            seconds = settings.DATABASE_CHECK_SECONDS
            if self.pool is None or not seconds or connection.answers(seconds):
                return connection
            self._replace_all(connection)
            return super().get_new_connection(conn_params)
        except Exception:
            refused(self.alias, self.vendor)
            raise

    def is_usable(self) -> bool:
        """Tell whether the connection that this thread keeps answers."""
        if self.connection is None:
            return False
        seconds = settings.DATABASE_CHECK_SECONDS
        return bool(self.connection.answers(seconds) if seconds else super().is_usable())

    def limit_statements(self, seconds: float) -> None:
        """Give each statement of this connection these seconds from now on; 0: any time."""
        self.ensure_connection()
        self.connection.limit(seconds)

    def _configure_connection(self, connection: Any) -> Any:
        """Prepare a connection for its first use: the one thing that is done to new ones alone, pool or not."""
        connected(self.alias, self.vendor)
        connection.made_at = monotonic()
        if settings.DATABASE_STATEMENT_SECONDS:
            connection.limit(settings.DATABASE_STATEMENT_SECONDS)
        return super()._configure_connection(connection) or True  # type: ignore[misc]  # django-stubs leaves it out

    def _replace_all(self, connection: Any) -> None:
        """Give a connection that does not answer back, and have new ones for all that are as old: they went one way."""
        with self._replacing:
            if connection.made_at > getattr(self.pool, "replaced_at", 0.0):
                self.pool.replaced_at = monotonic()
                self.pool.drain()
        connection.close()
        self.pool.putconn(connection)
