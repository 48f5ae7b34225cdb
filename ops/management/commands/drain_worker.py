"""A command that has a worker take no more, and waits until it has nothing left."""

import getpass
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobs import clock
from ops import drains
from ops.drains import WorkerUnknown
from ops.heartbeats import announced


class Command(BaseCommand):
    """Drain a worker, or show how the workers do."""

    help = (
        "Have a worker take no more until it is restarted: it finishes what it has. Without a name: show the workers."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare which worker, whether to wait for it, and the way back."""
        parser.add_argument("worker", nargs="?", help="its name, such as ml@host, or celery@host of `make run`")
        parser.add_argument("--undo", action="store_true", help="let it take messages again")
        parser.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="until it is empty; else exit 1")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how the worker does."""
        worker = options["worker"]
        if worker is None:
            for name, age in sorted(announced("worker").items()):
                self.stdout.write(f"{name}: {drains.standing(name)}, last sign of life {age:.0f} s ago")
            return
        if options["undo"]:
            drains.undo(worker)
        else:
            try:
                drains.drain(worker, by=f"command:{getpass.getuser()}", now=clock.now())
            except WorkerUnknown as error:
                raise CommandError(error.detail) from None
            self._wait(worker, options["wait"])
        self.stdout.write(f"{worker}: {drains.standing(worker)}")

    def _wait(self, worker: str, seconds: float) -> None:
        end = time.monotonic() + seconds
        while seconds and drains.standing(worker) == "finishes what it has":
            if time.monotonic() > end:
                raise CommandError(f"{worker}: finishes what it has, still after {seconds:.0f} s.")
            time.sleep(0.5)
