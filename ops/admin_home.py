"""The admin's home: how the system is doing, for who has to know it now, drawn and refreshed while it is looked at."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import forecasts.selectors
import market.selectors
import notifications.selectors
import scans.selectors
from jobs import clock, holds, overview, selectors
from jobs.hold_rows import READ_ONLY
from jobs.queues import MAINTENANCE
from ops import components, heartbeats
from ops.hour_chart import HourChart, hour_chart
from ops.models import Drain
from ops.redis_info import UNREACHABLE, length

# However many look at the page, the database is asked no more often than this by a process.
KEPT_SECONDS = 5.0
# From here on something that should be nearly nothing is shown in red.
LAG_SECONDS = 60.0


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Give the admin's home its figures, for who may see jobs."""
    if request.user.has_perm("jobs.view_job"):
        context |= {"shows_figures": True, **figures.read()}
    return context


@never_cache
@require_safe
@permission_required("jobs.view_job", raise_exception=True)
def home_figures(request: HttpRequest) -> HttpResponse:
    """Answer the figures alone, with which the page replaces those that it shows."""
    return render(request, "ops/admin_figures.html", figures.read())


class Kept:
    """What a question says, asked again when it is too old; who comes meanwhile waits for it."""

    def __init__(self, ask: Callable[[], dict[str, Any]]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._said: dict[str, Any] = {}

    def read(self) -> dict[str, Any]:
        """Return what is known, by no more than one question at a time."""
        with self._lock:
            if self._read_at is None or time.monotonic() - self._read_at >= KEPT_SECONDS:
                self._said = self._ask()
                self._read_at = time.monotonic()
            return self._said

    def forget(self) -> None:
        """Ask the next time, whatever is known."""
        self._read_at = None


def _figures() -> dict[str, Any]:
    now = clock.now()
    try:
        return {"at": now, **_work(now), **_lags(now), **_freshness(), **_processes(now)}
    except DatabaseError:
        return {"at": now, "unreadable": True}


def _work(now: datetime) -> dict[str, Any]:
    hour: HourChart = hour_chart(overview.last_hour(now=now))
    return {
        "states": selectors.count_by_state(None),
        "hour": hour,
        "queues": _queues(now),
        "read_only": holds.known().get(READ_ONLY),
        "failures": overview.failure_codes(now=now),
        "slowest": overview.slowest_plans(now=now),
    }


def _queues(now: datetime) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"name": name, "depth": figure.depth, "age": figure.oldest_age_seconds, "held": figure.held}
        for name, figure in selectors.queue_figures(now=now).items()
    ]
    try:
        rows.append({"name": MAINTENANCE, "depth": length(settings.BROKER_URL, MAINTENANCE), "age": None})
    except UNREACHABLE:
        rows.append({"name": MAINTENANCE, "depth": None, "age": None})
    deepest = max(row["depth"] or 0 for row in rows)
    return [{**row, "share": round(100 * (row["depth"] or 0) / deepest) if deepest else 0} for row in rows]


def _lags(now: datetime) -> dict[str, Any]:
    owed, overdue = notifications.selectors.backlog(now=now)
    lags = {
        "Outbox": selectors.outbox_lag_seconds(now=now),
        "Retention": selectors.retention_lag_seconds(now=now),
        f"Messages ({owed:,} owed)": overdue,
    }
    return {"lags": [{"name": name, "seconds": lag, "late": lag >= LAG_SECONDS} for name, lag in lags.items()]}


def _freshness() -> dict[str, Any]:
    return {
        "series": market.selectors.freshness(),
        "models": forecasts.selectors.in_service(),
        "scans": scans.selectors.outlook(),
    }


def _processes(now: datetime) -> dict[str, Any]:
    running = overview.running_by_worker(now=now)
    drained = set(Drain.objects.values_list("worker", flat=True))
    known = {kind: heartbeats.announced(kind) for kind in heartbeats.KINDS}
    rows = [
        {
            "name": name,
            "kind": kind,
            "age": age,
            "silent": age > components.SILENT_AFTER_SECONDS,
            "running": running.pop(name, (0, 0.0)),
            "drained": kind == "worker" and name in drained,
        }
        for kind, names in known.items()
        for name, age in sorted(names.items())
    ]
    # Who holds chunks and has never announced itself, or whose broker is away.
    rows += [
        {"name": name, "kind": "worker", "age": None, "silent": True, "running": told} for name, told in running.items()
    ]
    parts = {"database": components.database(), "broker": components.broker(), "cache": components.cache()}
    return {"processes": rows, "beat": components.process("beat"), "parts": parts}


figures = Kept(_figures)
