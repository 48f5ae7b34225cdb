"""A command that shows the queues, and pauses one or lets it go on."""

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobs import clock, holds, selectors
from jobs.errors import QueueUnknown
from jobs.services.hold import pause, resume


class Command(BaseCommand):
    """Show what waits in each queue; pause one, or resume it."""

    help = "Show depth and pauses of the queues; `pause NAME` lets nothing of it begin, `resume NAME` sends what waits."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what is to be done to which queue, and why."""
        parser.add_argument("verb", nargs="?", choices=("show", "pause", "resume"), default="show")
        parser.add_argument("name", nargs="?")
        parser.add_argument("--reason", default="", help="shown wherever the pause is")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and show the queues as they are then."""
        verb, name = options["verb"], options["name"]
        if (verb == "show") != (name is None):
            raise CommandError("pause and resume need the name of a queue, and nothing else does.")
        by, now = f"command:{getpass.getuser()}", clock.now()
        try:
            if verb == "pause" and not pause(name, by=by, reason=options["reason"], now=now):
                self.stdout.write(f"{name} was paused already.")
            if verb == "resume" and not resume(name, by=by, now=now):
                self.stdout.write(f"{name} was not paused.")
        except QueueUnknown as error:
            raise CommandError(error.detail) from None
        holds.forget()
        for queue, figure in selectors.queue_figures(now=now).items():
            age = "" if figure.oldest_age_seconds is None else f", the oldest waits {figure.oldest_age_seconds:,.0f} s"
            told = figure.held
            paused = f"; paused since {told.since:%Y-%m-%d %H:%M:%S} by {told.by}" if told else ""
            why = f" ({told.reason})" if told and told.reason else ""
            self.stdout.write(f"{queue}: {figure.depth:,} chunks{age}{paused}{why}")
