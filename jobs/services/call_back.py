"""Send the messages that are due, several at a time and owners in turn, and write down what came of each."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from typing import Any

import httpx
import structlog
from django.db import connection, transaction
from django.db.models import F

from jobs.callbacks import MOST_ATTEMPTS, message, pause_after
from jobs.errors import NoCallback
from jobs.models import Delivery, DeliveryState, Job
from notifications.signing_secrets import active_secrets
from notifications.webhook import Outcome, send

log = structlog.get_logger(__name__)

BATCH, LOOK_AT = 16, 400
LOG_LENGTH = 20
# Whoever sends has until then to say what came of it; afterwards somebody else tries.
LEASE = timedelta(seconds=60)
TOTAL_SECONDS = 15.0


def call_back_due(*, clock: Callable[[], datetime], seconds: float = 20.0) -> int:
    """Send what is due for about so many seconds at most, and return how many messages were tried."""
    began, tried = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        rows = _claimed(clock())
        if not rows:
            break
        tried += len(rows)
        for row, outcome in _sent(rows, clock()):
            _record(row, outcome, clock())
    return tried


def deliveries(job: Job) -> list[Delivery]:
    """Return the job's messages, the newest first."""
    return list(Delivery.objects.filter(job=job).order_by("-created_at"))


def replay(*, job: Job, now: datetime) -> list[Delivery]:
    """Send the job's message again, now, under the same id; raise NoCallback if it owes none."""
    renewed = Delivery.objects.filter(job=job).update(state=DeliveryState.PENDING, attempts=0, due_at=now)
    if not renewed:
        raise NoCallback("The job is not over, or was given no callback_url.")
    return deliveries(job)


def _claimed(now: datetime) -> list[Delivery]:
    """Return the messages that are this process's to send now, owners in turn; others leave them alone for a while."""
    with transaction.atomic():
        due = Delivery.objects.filter(state=DeliveryState.PENDING, due_at__lte=now).order_by("due_at")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        by_owner: dict[int, list[Delivery]] = defaultdict(list)
        for row in due.select_related("job")[:LOOK_AT]:
            by_owner[row.job.owner_id].append(row)
        turns = chain.from_iterable(zip_longest(*by_owner.values()))
        rows = [row for row in turns if row is not None][:BATCH]
        ids = [row.pk for row in rows]
        Delivery.objects.filter(pk__in=ids).update(due_at=now + LEASE, attempts=F("attempts") + 1)
    for row in rows:
        row.attempts += 1
    return rows


def _sent(rows: Sequence[Delivery], now: datetime) -> list[tuple[Delivery, Outcome]]:
    """Send them side by side; one that drips on is cut off."""
    began = time.monotonic()
    secrets = {row.job.owner_id: active_secrets(row.job.owner_id, now=now) for row in rows}
    pool = ThreadPoolExecutor(max_workers=BATCH, thread_name_prefix="callback")
    under_way: list[tuple[Delivery, httpx.Client, Future[Outcome]]] = []
    for row in rows:
        client = httpx.Client(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
        given: dict[str, Any] = {
            "message_id": f"msg_{row.pk.hex}",
            "body": json.dumps(message(row.job), separators=(",", ":")),
            "secrets": secrets[row.job.owner_id],
            "now": now,
        }
        under_way.append((row, client, pool.submit(send, client, row.url, **given)))
    found = []
    for row, client, future in under_way:
        try:
            outcome = future.result(timeout=max(0.0, TOTAL_SECONDS - (time.monotonic() - began)))
        except TimeoutError:
            outcome = Outcome(None, "timeout", TOTAL_SECONDS)
        finally:
            client.close()
        found.append((row, outcome))
    pool.shutdown(wait=False)
    return found


def _record(row: Delivery, outcome: Outcome, now: datetime) -> None:
    """Write the outcome, unless somebody else has sent it again meanwhile."""
    attempt = {"at": now.isoformat(), "status": outcome.status, "error": outcome.error, "seconds": outcome.seconds}
    changes: dict[str, Any] = {"log": [*row.log, attempt][-LOG_LENGTH:]}
    pause = pause_after(row.attempts)
    if outcome.is_delivered:
        changes |= {"state": DeliveryState.DELIVERED, "delivered_at": now}
    elif outcome.is_final or pause is None:
        changes |= {"state": DeliveryState.DEAD}
    else:
        changes |= {"due_at": now + pause}
    Delivery.objects.filter(pk=row.pk, attempts=row.attempts, state=DeliveryState.PENDING).update(**changes)
    # The address stays out of the log: its path and query may hold a secret.
    log.info(
        "callback_attempted",
        job_id=str(row.job_id),
        attempt=row.attempts,
        of=MOST_ATTEMPTS,
        status=outcome.status,
        error=outcome.error,
        state=str(changes.get("state", DeliveryState.PENDING)),
    )
