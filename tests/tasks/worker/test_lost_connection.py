"""What a worker says of a message after its connection has gone is said to nobody, and ends no worker."""

import logging
from typing import Any

from django.conf import settings
from kombu import Connection
from kombu.asynchronous import Hub
from structlog.testing import capture_logs

from tasks.worker.consumer import Consumer

log = logging.getLogger(__name__)


def test_a_message_whose_connection_is_gone_is_acknowledged_to_nobody(broker: Any) -> None:
    consumer = Consumer.__new__(Consumer)  # its loop alone, without a worker
    consumer.hub = Hub()
    with Connection(settings.BROKER_URL) as kept, kept.SimpleQueue("kept") as queue:
        queue.put({"chunk": 1})
        with Connection(settings.BROKER_URL) as lost:
            message = lost.SimpleQueue("kept").get(timeout=5)
        message.channel._disconnect_pools()  # as the transport does once the server has ended its connections
        consumer.call_soon_ack(message.ack_log_error, log, kept.connection_errors)
        with capture_logs() as said:
            for item in consumer.hub._pop_ready():
                item()
        assert [one["event"] for one in said] == ["acknowledgement_lost"]
        again = queue.get(timeout=5)  # closing has put it back
        consumer.call_soon_ack(again.ack_log_error, log, kept.connection_errors)
        with capture_logs() as said:
            for item in consumer.hub._pop_ready():
                item()
        assert (said, again.acknowledged) == ([], True)
