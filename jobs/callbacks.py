"""The message that an ended job owes its owner: when it is owed, and what it says.

Messages are rows of notifications; those that pods of release 1.1 wrote, and still write during an upgrade, are in
jobs_delivery, and are sent and shown from there. The release after this one moves what is left of them (`jobs:
move_deliveries`) and no longer reads the table; the release after that drops it (`jobs: drop_delivery`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Value

from jobs.errors import NoCallback
from jobs.models import Delivery, Job
from jobs.queries.reads import jobs_by_ids
from notifications import selectors as notifications
from notifications.services.enqueue import NewMessage, enqueue_all
from notifications.services.replay import replay as replay_messages
from notifications.tables import MessageRow

KIND = "job.ended"
CHANNEL = "webhook"


def enqueue(jobs: Sequence[Job], *, now: datetime) -> None:
    """Write down that the owners of these ended jobs are to be told, where they asked to be."""
    new = [NewMessage(KIND, job.pk, job.owner_id, CHANNEL, url) for job in jobs if (url := callback_url(job))]
    enqueue_all(new, now=now)


def callback_url(job: Job) -> str | None:
    """Return where the job's owner wants to be told."""
    url: str | None = job.request.get("callback_url")
    return url


def messages(job: Job) -> list[MessageRow]:
    """Return the job's messages, the newest first."""
    return notifications.messages(KIND, job.pk)


def replay(job: Job, *, now: datetime) -> list[MessageRow]:
    """Send the job's message again, now, under the same id; raise NoCallback if it owes none."""
    if not replay_messages(KIND, job.pk, now=now):
        raise NoCallback("The job is not over, or was given no callback_url.")
    return messages(job)


def render(subject_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what the owners of these jobs are told; of those that are deleted, nothing."""
    return {str(job.pk): _message(job) for job in jobs_by_ids(subject_ids)}


def deliveries() -> "QuerySet[Any]":
    """Return the rows that release 1.1 wrote, as messages."""
    return Delivery.objects.annotate(
        owner_id=F("job__owner_id"),
        kind=Value(KIND),
        subject_id=F("job_id"),
        channel=Value(CHANNEL),
        address=F("url"),
    )


def _message(job: Job) -> dict[str, Any]:
    """Return that the job is over and how, not its result."""
    return {
        "type": f"job.{job.state}",
        "timestamp": job.finished_at.isoformat() if job.finished_at else None,
        "data": {
            "id": str(job.pk),
            "state": str(job.state),
            "reason": job.end_reason or None,
            "symbols": {"total": job.symbol_count, "ok": job.ok_count, "failed": job.failed_count},
            "tags": job.request.get("tags", []),
            "result": f"/api/v1/jobs/{job.pk}/result",
        },
    }
