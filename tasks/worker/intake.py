"""What a worker takes from the broker: messages are looked at before Celery is given them, and garbage is left out.

kombu and Celery trust what lies in the queues. A message that is no JSON, lacks a property or says its time limit in
words ends the worker, or comes back and ends the next one. A chunk's row is sent again if its message was lost, so what
cannot be a message is counted, logged and dropped. The channels here are put in the place of kombu's at the worker's
start.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import redis
import structlog
from kombu.transport import TRANSPORT_ALIASES, _transport_cache
from kombu.transport import redis as kombu_redis

from ops import metrics
from tasks.worker.message_form import REASONS as OF_MESSAGES
from tasks.worker.message_form import fault_of

log = structlog.get_logger(__name__)

# What these say, the consumer waits out; of anything else the message is the cause.
BROKERS_OWN = (redis.RedisError, OSError, MemoryError)
SHOWN = 200
REASONS = (*OF_MESSAGES, "not_json", "refused", "control", "unacked", "wrong_type")


def skip(reason: str, **known: Any) -> None:
    """Count and log what is left out; `reason` is one of REASONS."""
    metrics.broker_garbage_total.labels(reason).inc()
    log.error("broker_garbage", reason=reason, **known)


class CarefulQoS(kombu_redis.QoS):
    """Messages that were taken and not acknowledged; those that cannot be read are not given back for ever."""

    def restore_by_tag(self, tag: Any, client: Any = None, leftmost: bool = False) -> None:
        """Give one back to its queue, or forget it."""
        try:
            super().restore_by_tag(tag, client, leftmost)  # type: ignore[no-untyped-call]
        except BROKERS_OWN:
            raise
        except Exception as error:
            skip("unacked", tag=repr(tag)[:SHOWN], error=repr(error)[:SHOWN])
            self._remove_from_indices(tag).execute()  # type: ignore[no-untyped-call]


class Careful:
    """A channel that leaves garbage out."""

    QoS = CarefulQoS
    connection: Any
    qos: Any

    def basic_consume(self, queue: str, *args: Any, **options: Any) -> Any:
        """Consume a queue."""
        taken = super().basic_consume(queue, *args, **options)  # type: ignore[misc]  # it is one of kombu's channels
        callbacks = self.connection._callbacks
        callbacks[queue] = partial(self._look_at, queue, callbacks[queue])
        return taken

    def _look_at(self, queue: str, deliver: Callable[[Any], Any], raw: Any) -> None:
        """Hand a message on that has the form of one; drop any that nobody can make a task of."""
        control = queue in self._fanout_queues  # type: ignore[attr-defined]
        reason = None if control else fault_of(raw)
        if reason is None:
            try:
                deliver(raw)
                return
            except BROKERS_OWN:
                raise
            except Exception as error:
                log.warning("message_refused", queue=queue, error=repr(error)[:SHOWN])
                self._forget(raw)
                reason = "control" if control else "refused"
        skip(reason, queue=queue, message=repr(raw)[:SHOWN])

    def _forget(self, raw: Any) -> None:
        properties = raw.get("properties") if isinstance(raw, dict) else None
        tag = properties.get("delivery_tag") if isinstance(properties, dict) else None
        if isinstance(tag, str):
            self.qos.reject(tag, requeue=False)

    def _brpop_read(self, **options: Any) -> Any:
        return self._read(super()._brpop_read, **options)  # type: ignore[misc]

    def _receive(self) -> Any:
        return self._read(super()._receive)  # type: ignore[misc]

    def _read(self, read: Callable[..., Any], **options: Any) -> Any:
        """Read one message; what is no JSON is out of the queue already."""
        try:
            return read(**options)
        except (ValueError, TypeError, RecursionError) as error:
            skip("not_json", error=repr(error)[:SHOWN])
            return True


class Channel(Careful, kombu_redis.Channel):
    """A channel to a Redis."""


class SentinelChannel(Careful, kombu_redis.SentinelChannel):
    """A channel to the Redis that Sentinels name."""


class Transport(kombu_redis.Transport):
    """A Redis."""

    Channel = Channel


class SentinelTransport(kombu_redis.SentinelTransport):
    """The Redis that Sentinels name."""

    Channel = SentinelChannel


def install() -> None:
    """Have this process's connections made of these, and nothing counted yet."""
    for reason in REASONS:
        # An alert sees the first of a kind only where it has seen none before.
        metrics.broker_garbage_total.labels(reason)
    for scheme, transport in (("redis", "Transport"), ("rediss", "Transport"), ("sentinel", "SentinelTransport")):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:{transport}"
        _transport_cache.pop(scheme, None)
