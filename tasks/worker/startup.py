"""What a worker demands of its surroundings before it takes work."""

import gc
import sys
from typing import Any

import structlog
from celery.signals import worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from analysis.precompile import precompile
from ops.checks import require_safe_broker
from tasks.worker import intake

log = structlog.get_logger(__name__)


@worker_init.connect
def require_surroundings(**_: Any) -> None:
    """Refuse, in production, a broker that may throw messages away.

    What a receiver of a signal raises Celery logs, and goes on; an exit it lets through.
    """
    if settings.PRODUCTION:
        try:
            require_safe_broker()
        except ImproperlyConfigured as refused:
            log.critical("refused_to_start", reason=str(refused))
            sys.exit(1)


@worker_init.connect
def look_at_messages(**_: Any) -> None:
    """Leave out what is no message, before it can end this worker."""
    intake.install()


@worker_init.connect
def compile_loops(**_: Any) -> None:
    """Have every loop compiled before the children are forked: they share it, and no job waits for it."""
    precompile(lambda done, total: log.info("compiled", done=done, total=total))


@worker_init.connect
def share_what_is_loaded(**_: Any) -> None:
    """Take what is there before the fork out of the garbage collector's sight.

    Collecting writes into every object that it looks at. Celery collects once its children are forked, and every page
    of objects would then be there twice.
    """
    gc.collect()
    gc.freeze()
