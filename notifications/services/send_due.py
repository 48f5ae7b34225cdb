"""Send the messages that are due, several at a time and owners in turn, and write down what came of each."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from typing import Any, NamedTuple

import structlog
from django.db import connection, transaction
from django.db.models import F, QuerySet

from notifications import kinds
from notifications.backoff import MOST_ATTEMPTS, pause_after
from notifications.channels import Attempt, Letter, Outcome, known_channels, open_attempt
from notifications.states import MessageState
from notifications.tables import MessageRow, same_table, tables

log = structlog.get_logger(__name__)

BATCH, LOOK_AT = 16, 400
LOG_LENGTH = 20
# Who sends has until then to say what came of it; afterwards somebody else tries.
LEASE = timedelta(seconds=60)
TOTAL_SECONDS = 15.0


class Rendered(NamedTuple):
    """A message that is this process's to send, and what it says."""

    row: MessageRow
    body: Mapping[str, Any]


def send_due(*, clock: Callable[[], datetime], seconds: float = 20.0) -> int:
    """Send what is due, for about `seconds` at most, and return how many messages were tried."""
    began, tried = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        rows = _claimed(clock())
        if not rows:
            break
        rendered = _rendered(rows)
        tried += len(rendered)
        for row, outcome in _sent(rendered, clock()):
            _record(row, outcome, clock())
    return tried


def _claimed(now: datetime) -> list[MessageRow]:
    """Return the messages that are this process's to send now, owners in turn; others leave them alone for a while."""
    with transaction.atomic():
        due = sorted(chain.from_iterable(_due(rows, now) for rows in tables()), key=lambda row: row.due_at)
        by_owner: dict[int, list[MessageRow]] = defaultdict(list)
        for row in due[:LOOK_AT]:
            by_owner[row.owner_id].append(row)
        turns = chain.from_iterable(zip_longest(*by_owner.values()))
        mine = [row for row in turns if row is not None][:BATCH]
        for same in _by_table(mine):
            claimed = same_table(same[0]).filter(pk__in=[row.pk for row in same])
            claimed.update(due_at=now + LEASE, attempts=F("attempts") + 1)
    for row in mine:
        row.attempts += 1
    return mine


def _due(rows: "QuerySet[Any]", now: datetime) -> "QuerySet[Any]":
    """Return the rows of one table that are due, locked; those that only another release can send are left to it."""
    due = rows.filter(state=MessageState.PENDING, due_at__lte=now).order_by("due_at")
    due = due.filter(kind__in=kinds.known_kinds(), channel__in=known_channels())
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    return due[:LOOK_AT]


def _by_table(rows: Sequence[MessageRow]) -> Iterable[list[MessageRow]]:
    by_table: dict[type[MessageRow], list[MessageRow]] = defaultdict(list)
    for row in rows:
        by_table[type(row)].append(row)
    return by_table.values()


def _rendered(rows: Sequence[MessageRow]) -> list[Rendered]:
    """Return what each message says, and delete those whose subject is gone: nobody is told of what is no more."""
    by_kind: dict[str, list[MessageRow]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    found = []
    for kind, same in by_kind.items():
        bodies = kinds.render(kind, [str(row.subject_id) for row in same])
        for row in same:
            body = bodies.get(str(row.subject_id))
            if body is None:
                same_table(row).filter(pk=row.pk).delete()
                log.info("callback_dropped", kind=kind, subject_id=str(row.subject_id))
            else:
                found.append(Rendered(row, body))
    return found


def _sent(rendered: Sequence[Rendered], now: datetime) -> list[tuple[MessageRow, Outcome]]:
    """Send them side by side; one that drips on is cut off."""
    began = time.monotonic()
    pool = ThreadPoolExecutor(max_workers=BATCH, thread_name_prefix="notification")
    under_way: list[tuple[MessageRow, Attempt, Future[Outcome]]] = []
    for row, body in rendered:
        letter = Letter(f"msg_{row.pk.hex}", row.owner_id, row.address, body, now)
        attempt = open_attempt(row.channel, letter)
        under_way.append((row, attempt, pool.submit(attempt.send)))
    found = []
    for row, attempt, future in under_way:
        try:
            outcome = future.result(timeout=max(0.0, TOTAL_SECONDS - (time.monotonic() - began)))
        except TimeoutError:
            outcome = Outcome(None, "timeout", TOTAL_SECONDS)
        finally:
            attempt.close()
        found.append((row, outcome))
    pool.shutdown(wait=False)
    return found


def _record(row: MessageRow, outcome: Outcome, now: datetime) -> None:
    """Write the outcome, unless somebody else has sent it again meanwhile."""
    attempt = {"at": now.isoformat(), "status": outcome.status, "error": outcome.error, "seconds": outcome.seconds}
    changes: dict[str, Any] = {"log": [*row.log, attempt][-LOG_LENGTH:]}
    pause = pause_after(row.attempts)
    if outcome.is_delivered:
        changes |= {"state": MessageState.DELIVERED, "delivered_at": now}
    elif outcome.is_final or pause is None:
        changes |= {"state": MessageState.DEAD}
    else:
        changes |= {"due_at": now + pause}
    same_table(row).filter(pk=row.pk, attempts=row.attempts, state=MessageState.PENDING).update(**changes)
    # The address stays out of the log: its path and query may hold a secret.
    log.info(
        "callback_attempted",
        kind=row.kind,
        subject_id=str(row.subject_id),
        attempt=row.attempts,
        of=MOST_ATTEMPTS,
        status=outcome.status,
        error=outcome.error,
        state=str(changes.get("state", MessageState.PENDING)),
    )
