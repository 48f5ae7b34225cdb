"""psycopg, whose connections wait for an answer only so long.

The server ends a statement that takes too long, and TCP a connection whose packets nobody acknowledges. Neither helps
where something between takes the packets and passes nothing on: only who waits can see that nothing comes.
"""

from typing import Any

import psycopg
from psycopg import *  # noqa: F403  # Django takes the errors from here as well
from psycopg.pq import TransactionStatus

# How long the server's own word that a statement took too long may be under way.
MARGIN_SECONDS = 2.0
# How often who waits looks whether they are interrupted: psycopg's own.
INTERVAL_SECONDS = 0.1


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that gives itself up when an answer does not come."""

    answer_seconds: float | None = None

    def wait(self, gen: Any, interval: float = INTERVAL_SECONDS, timeout: float | None = None) -> Any:
        """Return what the server answers; raise OperationalError, and be closed, when it does not in time."""
        seconds = self.answer_seconds if timeout is None else timeout
        try:
            return super().wait(gen, interval, seconds)
        except psycopg.OperationalError:
            if seconds is None or timeout is not None or self.pgconn.transaction_status != TransactionStatus.ACTIVE:
                raise
            # The statement is still under way, or its answer is lost: what came now would be taken for the next one's.
            self.pgconn.finish()
            raise psycopg.OperationalError(f"The database did not answer within {seconds:g} s.") from None

    def answers(self, seconds: float) -> bool:
        """Tell whether the server answers nothing at all with nothing at all, as it does at once."""
        before, self.answer_seconds = self.answer_seconds, seconds
        try:
            psycopg.Cursor(self).execute("")
        except psycopg.Error:
            return False
        finally:
            self.answer_seconds = before
        return True

    def limit(self, seconds: float) -> None:
        """Give each statement this long, with the server and here; 0: any time.

        And as long a transaction may wait for its next statement: of a connection that is lost in between the server
        knows nothing, and what the transaction has locked would stay so.
        """
        self.answer_seconds = seconds + MARGIN_SECONDS if seconds else None
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            psycopg.Cursor(self).execute(f"SET {name} = {round(seconds * 1_000)}")


connect = BoundedConnection.connect
