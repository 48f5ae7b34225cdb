"""What a worker child may hold: asking for more fails the chunk in it, not the machine."""

import resource
from typing import Any

from celery.signals import worker_process_init
from django.conf import settings


@worker_process_init.connect
def limit(**_: Any) -> None:
    """Bound the memory of this process, so that a chunk that asks for more gets a MemoryError."""
    if settings.WORKER_MEMORY_MB:
        most = settings.WORKER_MEMORY_MB * 1_000_000
        resource.setrlimit(resource.RLIMIT_DATA, (most, resource.getrlimit(resource.RLIMIT_DATA)[1]))
