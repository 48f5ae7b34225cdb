"""A command for container probes of processes without a port."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ops.heartbeats import KINDS, age_seconds


class Command(BaseCommand):
    """Exit 0 only if the worker or beat of this machine has shown a sign of life lately."""

    help = "Exit 0 only if the heartbeat file of the process is fresh."
    # A probe runs every few seconds; it must neither check the project nor touch the database.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare which process, and how old its sign of life may be."""
        parser.add_argument("process", choices=KINDS)
        parser.add_argument("--max-age", type=float, default=60.0, metavar="SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file's age and judge it."""
        age = age_seconds(options["process"])
        if age is None:
            raise CommandError(f"{options['process']}: there is no heartbeat file.")
        if age > options["max_age"]:
            raise CommandError(f"{options['process']}: silent for {age:.0f} s.")
        self.stdout.write(f"{options['process']}: sign of life {age:.0f} s ago")
