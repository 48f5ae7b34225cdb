"""WSGI entry point of the api processes."""

import gc
import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gravity.settings")

# A poll needs Python a few times, and each time has to wait until each of those that compute has had its turn.
sys.setswitchinterval(0.001)

django = get_wsgi_application()

# Imported only now: metrics and settings must be set up before.
from api.in_turn import InTurn  # noqa: E402
from gravity.draining import Draining  # noqa: E402
from gravity.shutdown import when_told_to_end  # noqa: E402
from jobs.completion_listener import end_all_waits, end_present_waits  # noqa: E402

when_told_to_end(end_all_waits)

application = InTurn(django)

if settings.REPLAY_SECONDS:
    from api.response_cache import ResponseCache

    application = ResponseCache(  # type: ignore[assignment]
        application,
        seconds=settings.REPLAY_SECONDS,
        max_bytes=settings.REPLAY_MAX_BYTES,
        per_second=settings.REPLAYS_PER_SECOND,
    )

if settings.DRAIN_FILE:
    application = Draining(application, Path(settings.DRAIN_FILE), end_present_waits)  # type: ignore[assignment]

# All that is loaded, the views too, stays until the end. Beside a crowd the collector would go through it twice a
# second, and every request waits meanwhile (docs/adr/0017).
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
