"""The worker's consumer: a broker that refuses is waited out, and one that is lost takes no worker with it."""

import time
from collections.abc import Callable
from typing import Any

import redis
import structlog
from celery.worker.consumer import Consumer as CeleryConsumer

from tasks.worker.broker_keys import put_wrong_kinds_aside

REFUSED_SECONDS = 1.0
log = structlog.get_logger(__name__)


class Consumer(CeleryConsumer):
    """Celery's consumer, which gives a broker that answers and refuses a moment."""

    def on_connection_error_before_connected(self, exc: Exception) -> None:
        """Say so, and let a broker that answers and refuses have a moment."""
        super().on_connection_error_before_connected(exc)
        _wait_out(exc)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Say so, and let a broker that answers and refuses have a moment."""
        try:
            super().on_connection_error_after_connected(exc)
        except AttributeError as error:
            # To put messages back that it holds, kombu's channel asks for the address of a connection that is gone by
            # then. The worker would end of it; these messages are sent again by the sweep, as all that a broker loses.
            log.warning("broker_connection_not_closed", error=str(error))
        _wait_out(exc)

    def call_soon_ack(self, p: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Have a message acknowledged or rejected in the loop, unless its connection is gone by then."""
        return super().call_soon_ack(_unless_gone, p, *args, **kwargs)


def _unless_gone(say: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Acknowledge; a connection that is gone has put the message back, and who delivers it again finds it done.

    kombu takes faults of a connection for what they are, but not that it finds none: its loop ends of AttributeError.
    """
    try:
        say(*args, **kwargs)
    except AttributeError as error:
        log.warning("acknowledgement_lost", error=str(error))


def _wait_out(error: Exception) -> None:
    """Wait for what passes (a replica after a failover, a full disk or memory), and mend what would not pass."""
    if isinstance(error, redis.ResponseError):
        if "WRONGTYPE" in str(error):
            put_wrong_kinds_aside()
        time.sleep(REFUSED_SECONDS)
