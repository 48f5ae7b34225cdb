"""/metrics of the processes without a web server.

A worker's children write to files and the parent shows their sum; beat shows what is read from the database.
"""

import os
from collections.abc import Iterable
from typing import Any

import structlog
from celery.signals import beat_init, worker_ready
from django.conf import settings
from django.db import connection
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from ops.collectors import registry as system_registry

log = structlog.get_logger(__name__)


@worker_ready.connect
def serve(**_: Any) -> None:
    """Serve the sum of all children on WORKER_METRICS_PORT; nothing when the port or the directory is not set."""
    if not settings.WORKER_METRICS_PORT or "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    start_http_server(settings.WORKER_METRICS_PORT, registry=registry)
    log.info("metrics_served", port=settings.WORKER_METRICS_PORT)


class Detached(Collector):
    """The system's series, read in a thread of the exposition: it ends after the scrape, so its connection must."""

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that registering does not read the database."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Return the series and leave no connection behind."""
        try:
            return list(system_registry.collect())
        finally:
            connection.close()


@beat_init.connect
def serve_system(**_: Any) -> None:
    """Serve queue depths, ages and beat's last tick on BEAT_METRICS_PORT: there is one beat, so one such source."""
    if not settings.BEAT_METRICS_PORT:
        return
    registry = CollectorRegistry()
    registry.register(Detached())
    start_http_server(settings.BEAT_METRICS_PORT, registry=registry)
    log.info("metrics_served", port=settings.BEAT_METRICS_PORT)
