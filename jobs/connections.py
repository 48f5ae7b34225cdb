"""Answers that take long hold no database connection while they wait or are read."""

from django.db import close_old_connections, connection


def give_back() -> None:
    """Let go of the calling thread's connection: of a pool it goes back, one that a thread keeps for itself stays.

    Within a transaction nothing happens: who began it still needs the connection.
    """
    if not connection.in_atomic_block:
        close_old_connections()
