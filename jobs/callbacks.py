"""The message that an ended job owes its owner: a row, written in the transaction that ends the job."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from jobs.models import Delivery, Job

# Pauses before the second attempt and the later ones, each a fifth shorter or longer by chance.
PAUSES = [timedelta(seconds=s) for s in (5, 30, 120, 600, 3_600, 6 * 3_600, 24 * 3_600)]
MOST_ATTEMPTS = len(PAUSES) + 1


def owe(jobs: Sequence[Job], *, now: datetime) -> None:
    """Write down that the owners of these ended jobs are to be told, where they asked to be."""
    rows = [Delivery(job=job, url=url, due_at=now, created_at=now) for job in jobs if (url := callback_url(job))]
    if rows:
        Delivery.objects.bulk_create(rows)


def callback_url(job: Job) -> str | None:
    """Return where the job's owner wants to be told."""
    url: str | None = job.request.get("callback_url")
    return url


def pause_after(attempt: int) -> timedelta | None:
    """Return how long to wait after so many failed attempts; None when there are to be no more."""
    spread = random.uniform(0.8, 1.2)  # noqa: S311 (nobody has to guess it)
    return PAUSES[attempt - 1] * spread if attempt < MOST_ATTEMPTS else None


def message(job: Job) -> dict[str, Any]:
    """Return what the owner is told: that the job is over and how, not its result."""
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
