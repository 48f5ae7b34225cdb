"""Whether every queue has somebody who takes from it, and whether staff have stopped something."""

from django.conf import settings

from jobs import clock, selectors
from jobs.hold_rows import READ_ONLY
from jobs.holds import known
from jobs.queues import QUEUES
from ops.components import SILENT_AFTER_SECONDS
from ops.doctor.finding import Finding, error, ok, warning
from ops.presence import QUEUE, ages
from ops.redis_info import length

NAME = "queue routes"


def check() -> Finding:
    """Look for a living worker of each queue, and at what waits where there is none."""
    lonely = [queue for queue in QUEUES if not _workers(queue)]
    waiting = _waiting()
    stuck = [f"{queue} ({waiting[queue]:,} waiting)" for queue in lonely if waiting.get(queue)]
    start = f"Start a worker with --queues {','.join(lonely)}, or give its deployment a replica."
    if stuck:
        return error(f"No worker takes from {', '.join(stuck)}.", start)
    held = sorted(known())
    if READ_ONLY in held:
        return warning("Everything that writes is refused (read only).", "End it with manage.py read_only off.")
    if held:
        text = f"Paused by staff: {', '.join(held)}."
        return warning(text, f"Let it go on with manage.py queues resume {held[0]}.")
    if lonely:
        return warning(f"No worker takes from {', '.join(lonely)}; nothing waits there yet.", start)
    return ok(f"Workers take from {', '.join(QUEUES)}.")


def _workers(queue: str) -> int:
    return sum(age <= SILENT_AFTER_SECONDS for age in ages(settings.BROKER_URL, QUEUE + queue).values())


def _waiting() -> dict[str, int]:
    figures = selectors.queue_figures(now=clock.now())
    in_broker = {queue: length(settings.BROKER_URL, queue) for queue in QUEUES}
    return in_broker | {queue: figure.depth for queue, figure in figures.items()}
