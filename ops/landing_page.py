"""The page at /: what runs here, how it is doing, and where to go from here."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from jobs import clock, selectors
from ops import components

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1d3557"/>'
    '<path d="M4 3v10M8 5v9M12 2v9" stroke="#fff"/><path d="M3 5h2v5H3zM7 7h2v5H7zM11 4h2v4h-2z" fill="#fff"/></svg>'
)


@never_cache
@require_safe
def landing_page(request: HttpRequest) -> HttpResponse:
    """Answer the page; figures are for staff, and on a machine of one's own for everybody."""
    shown = not settings.PRODUCTION or bool(getattr(request.user, "is_staff", False))
    context = {"version": settings.SPECTACULAR_SETTINGS["VERSION"], "flower_url": settings.FLOWER_URL, "shown": shown}
    return render(request, "ops/home.html", context | (_figures() if shown else {}))


@never_cache
@require_safe
def flower(request: HttpRequest) -> HttpResponse:
    """Lead to Flower, whose own addresses all begin with its folder; where that is here, nobody has put it there."""
    if request.path == settings.FLOWER_URL:
        raise Http404
    return redirect(settings.FLOWER_URL)


def nowhere(request: HttpRequest) -> HttpResponse:
    """Answer a browser at an address where nothing is."""
    return render(request, "ops/not_found.html", {"path": request.path}, status=404)


@cache_control(public=True, max_age=86_400)
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Answer the small picture that browsers ask for unasked."""
    return HttpResponse(ICON, content_type="image/svg+xml")


def _figures() -> dict[str, Any]:
    try:
        states = selectors.count_by_state(None)
        queues = selectors.queue_figures(now=clock.now())
    except DatabaseError:
        return {"unreadable": True}
    return {
        "states": states,
        "queues": queues,
        "parts": {
            "broker": components.broker(),
            "cache": components.cache(),
            "worker": components.process("worker"),
            "beat": components.process("beat"),
        },
    }
