"""The broker's keys that a worker stands on: one of a wrong kind is put aside, so that a right one can come."""

from collections.abc import Iterator
from typing import Any

from celery import current_app
from kombu.transport.redis import PRIORITY_STEPS, Channel

from jobs.dispatch import BROKER_ERRORS
from jobs.queues import QUEUES
from tasks.worker.intake import skip

ASIDE = "garbage:"


def put_wrong_kinds_aside() -> None:
    """Rename what is not of the kind that kombu expects; the rows send again what was lost with it."""
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
            client = broker.default_channel.client
            for key, kind in _expected(client):
                found = client.type(key).decode()
                if found not in (kind, "none"):
                    client.rename(key, ASIDE + key)
                    skip("wrong_type", key=key, found=found, expected=kind)
    except BROKER_ERRORS:
        return  # the consumer says so itself, and tries again


def _expected(client: Any) -> Iterator[tuple[str, str]]:
    yield Channel.unacked_key, "hash"
    yield Channel.unacked_index_key, "zset"
    yield Channel.unacked_mutex_key, "string"
    for queue in QUEUES:
        for step in PRIORITY_STEPS:
            yield f"{queue}{Channel.sep}{step}" if step else queue, "list"
    prefix = Channel.keyprefix_queue % ""
    yield Channel.keyprefix_binding_deadlines, "zset"
    for name in {*QUEUES, *(key.decode().removeprefix(prefix) for key in client.scan_iter(f"{prefix}*"))}:
        yield prefix + name, "set"
