"""Watch one job: what it is now, and every change of it until its end."""

import time
from contextlib import ExitStack
from uuid import UUID

from jobs import concurrency_slots, snapshots
from jobs.completion_listener import Waiter, ended_count, is_ending
from jobs.connections import give_back
from jobs.models import Job
from jobs.snapshots import Snapshot


class Watch:
    """Snapshots of a job, each unlike the one before; None as a sign of life when nothing has changed for long.

    Ends with the job or after `seconds`. Holds a place to wait until close(), and a database connection only while it
    reads. When no place is free, it ends after the first snapshot and `is_cut` tells so. When the process is about to
    end, or sends its clients on before that, the last snapshot is what the job is then, changed or not, and `is_ending`
    tells so.
    """

    def __init__(self, job: Job, *, seconds: float, heartbeat_seconds: float) -> None:
        self.first = snapshots.of_job(job)
        self._seen: Snapshot | None = None
        self._waiter = Waiter(job.pk, self.first)
        self._heartbeat = heartbeat_seconds
        self._held = ExitStack()
        place = None if self.first.is_over else concurrency_slots.waiting.take()
        self.is_ending = False
        self._ended = ended_count()
        self.is_cut = place is None and not self.first.is_over
        self._until = time.monotonic() + (seconds if place is not None else 0)
        if place is not None:
            self._held.enter_context(place)
            self._held.enter_context(self._waiter)

    def __iter__(self) -> "Watch":
        return self

    def __next__(self) -> Snapshot | None:
        """Return what is new, or None; it may take as long as the heartbeat."""
        if self._seen is None:
            self._seen = self.first
            return self.first
        left = self._until - time.monotonic()
        if left <= 0 or self._seen.is_over or self.is_ending:
            raise StopIteration
        self._waiter.wait(min(left, self._heartbeat))
        found = _read(self._waiter.job_id)
        if found is None:
            raise StopIteration
        self.is_ending = is_ending() or ended_count() != self._ended
        if found == self._seen and not self.is_ending:
            return None
        self._seen = self._waiter.seen = found
        return found

    def close(self) -> None:
        """Give the place back."""
        self._held.close()


def _read(job_id: UUID) -> Snapshot | None:
    """Return the row's answer; None for a job that was deleted."""
    try:
        return snapshots.of_ids([job_id]).get(job_id)
    finally:
        give_back()
