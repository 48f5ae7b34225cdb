"""Have a worker take no more: who asks for it, what the worker reads, and what it says when it has nothing left."""

from datetime import datetime

from ops.heartbeats import announced
from ops.models import Drain


class WorkerUnknown(Exception):
    """No worker of this name has shown a sign of life within a day."""

    code = "unknown_worker"

    def __init__(self, name: str, known: list[str]) -> None:
        there = f"There are {', '.join(known)}." if known else "None has, or the broker does not answer."
        self.detail = f"No worker {name[:100]} has shown a sign of life. {there}"
        super().__init__(self.detail)


def drain(worker: str, *, by: str, now: datetime) -> Drain:
    """Ask a worker to take no more, and return what is known of it; a second time changes nothing.

    Raises WorkerUnknown.
    """
    known = sorted(announced("worker"))
    if worker not in known:
        raise WorkerUnknown(worker, known)
    return Drain.objects.get_or_create(worker=worker, defaults={"asked_at": now, "by": by[:200]})[0]


def undo(worker: str) -> bool:
    """Let a worker take messages again; False when it does."""
    return Drain.objects.filter(worker=worker).delete()[0] == 1


def is_asked(worker: str, since: datetime) -> bool:
    """Tell whether this worker, which runs since then, is to take no more."""
    return Drain.objects.filter(worker=worker, asked_at__gte=since).exists()


def tell_empty(worker: str, now: datetime) -> None:
    """Write down that a worker has nothing left."""
    Drain.objects.filter(worker=worker, empty_at__isnull=True).update(empty_at=now)


def standing(worker: str) -> str:
    """Return in a word or two how a worker does: takes messages, drains, is empty, or has not been seen."""
    age = announced("worker").get(worker)
    row = Drain.objects.filter(worker=worker).first()
    if age is None:
        return "ended"
    if row is None:
        return "takes messages"
    return "finishes what it has" if row.empty_at is None else f"empty since {row.empty_at:%Y-%m-%d %H:%M:%S}"
