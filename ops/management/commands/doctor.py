"""A command that says what is wrong with the surroundings."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ops.doctor.examination import examine, worst
from ops.doctor.finding import Level

SIGNS = {Level.OK: "ok     ", Level.WARNING: "WARNING", Level.ERROR: "ERROR  "}


class Command(BaseCommand):
    """Examine clocks, broker, database and disks; exit 1 if something is wrong."""

    help = "Say what is wrong with the surroundings and what to do about it; exit 1 on an error."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the form for programs."""
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make all checks and show what they found."""
        examined = examine()
        if options["json"]:
            checks = [
                {"name": name, "level": found.level, "finding": found.text, "remedy": found.remedy or None}
                for name, found in examined
            ]
            self.stdout.write(json.dumps({"status": worst(examined), "checks": checks}, indent=2))
        else:
            for name, found in examined:
                self.stdout.write(f"{SIGNS[found.level]} {name}: {found.text}")
                if found.remedy:
                    self.stdout.write(f"{'':8}{found.remedy}")
        if worst(examined) is Level.ERROR:
            sys.exit(1)
