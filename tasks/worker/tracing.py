"""The spans of chunks: how long each attempt waited in its queue, and how long it ran, in the trace of its request."""

from datetime import timedelta
from typing import Any

from celery.signals import worker_init, worker_process_shutdown
from django.conf import settings

from jobs import clock
from jobs.signals import AttemptFacts, attempt_over
from ops import tracing


def over(attempt: AttemptFacts, outcome: str, code: str, seconds: float, ok_count: int, **_: Any) -> None:
    """Record an attempt that has ended, if its job's request is traced."""
    if not attempt.traceparent or attempt.waited_since is None or attempt.began_at is None:
        return
    told = {
        "job_id": str(attempt.job_id),
        "chunk_id": attempt.chunk_id,
        "attempt": attempt.attempt,
        "request_id": attempt.request_id,
        "messaging.system": "redis",
        "messaging.destination.name": attempt.queue,
    }
    tracing.past_span(f"wait {attempt.queue}", attempt.traceparent, attempt.waited_since, attempt.began_at, told)
    told |= {"worker": attempt.worker, "outcome": outcome, "symbols": len(attempt.symbols), "succeeded": ok_count}
    # A worker that was lost cannot say how long it ran.
    ended = clock.now() if outcome == "lost" else attempt.began_at + timedelta(seconds=seconds)
    fault = "" if outcome in ("succeeded", "cancelled") else code or outcome
    tracing.past_span(f"run {attempt.queue}", attempt.traceparent, attempt.began_at, ended, told, fault)


if settings.TRACES_URL:
    attempt_over.connect(over, dispatch_uid="tasks.worker.tracing")


@worker_init.connect
def demand_library(**_: Any) -> None:
    """Refuse to start where traces are asked for that cannot be sent."""
    if settings.TRACES_URL:
        tracing.demand_library()


@worker_process_shutdown.connect
def send_the_last(**_: Any) -> None:
    """Send what waits before this child ends."""
    tracing.flush()
