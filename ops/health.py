"""Health over HTTP: all components for people, live and ready for those who restart and route."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ops import components, queue_watch
from ops.components import Component


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer every component and queue: 503 only without the database, for a lost broker or cache loses no work.

    A queue that staff have paused is no fault, and is shown.
    """
    parts = {
        "database": components.database(),
        "migrations": components.migrations(),
        "broker": components.broker(),
        "cache": components.cache(),
        "worker": components.process("worker"),
        "beat": components.process("beat"),
    }
    usable = _usable(parts)
    well = all(part.status in ("ok", "unseen") for part in parts.values())
    status = "ok" if well else "degraded" if usable else "unavailable"
    return _answer(status, parts, usable=usable, **(queue_watch.told() if usable else {}))


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Answer that this process turns over, whatever it stands on."""
    return _answer("ok", {}, usable=True)


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer whether this process can accept jobs: the database and its migrations decide, nothing else."""
    parts = {"database": components.database(), "migrations": components.migrations()}
    usable = _usable(parts)
    return _answer("ok" if usable else "unavailable", parts, usable=usable)


def _usable(parts: dict[str, Component]) -> bool:
    return parts["database"].status == "ok" and parts["migrations"].status == "ok"


def _answer(status: str, parts: dict[str, Component], *, usable: bool, **more: Any) -> JsonResponse:
    body: dict[str, Any] = {"status": status, "version": settings.SPECTACULAR_SETTINGS["VERSION"]}
    if parts:
        body["components"] = {name: part.to_dict() for name, part in parts.items()}
    return JsonResponse(body | more, status=200 if usable else 503)
