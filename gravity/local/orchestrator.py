"""A supervisor for exercises that hurt the system: what ended by itself is started again, as Kubernetes does."""

from collections import Counter
from pathlib import Path

from gravity.local.supervisor import Supervisor


class Orchestrator(Supervisor):
    """Start a worker or beat that ended by itself again, and count it.

    Celery's worker may end when its broker is gone while it holds messages: kombu fails in handing them back.
    """

    def __init__(self, logs: Path) -> None:
        super().__init__(logs)
        self.restarts: Counter[str] = Counter()

    def check(self) -> None:
        """Start again what ended, then look after the others as ever."""
        for name, (part, process) in list(self.running.items()):
            if name.startswith(("worker", "beat")) and process.poll() is not None:
                self.kill(name)  # whatever children it left
                self.start(part)
                self.restarts[name] += 1
        super().check()
