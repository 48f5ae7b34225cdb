"""A command that lets the system only read, or write again."""

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jobs import clock, holds
from jobs.hold_rows import READ_ONLY
from jobs.services.hold import begin_read_only, end_read_only


class Command(BaseCommand):
    """Say whether the system only reads, and switch it."""

    help = "Say whether the system only reads; `on` has everything that writes refused, `off` lets it go on."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what is to be done, and why."""
        parser.add_argument("verb", nargs="?", choices=("show", "on", "off"), default="show")
        parser.add_argument("--reason", default="", help="told to everybody who is refused")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how it is then."""
        by, now = f"command:{getpass.getuser()}", clock.now()
        if options["verb"] == "on":
            begin_read_only(by=by, reason=options["reason"], now=now)
        if options["verb"] == "off":
            end_read_only(by=by, now=now)
        holds.forget()
        held = holds.known().get(READ_ONLY)
        why = f" ({held.reason})" if held and held.reason else ""
        self.stdout.write(
            f"read only since {held.since:%Y-%m-%d %H:%M:%S} by {held.by}{why}" if held else "reads and writes"
        )
