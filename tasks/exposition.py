"""The worker's /metrics: its children write to files, the parent shows their sum."""

import os
from typing import Any

import structlog
from celery.signals import worker_ready
from django.conf import settings
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

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
