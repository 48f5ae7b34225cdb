"""A command that makes the groups of staff."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.roles import make_roles


class Command(BaseCommand):
    """Make the groups Readers and Operators."""

    help = "Create the groups of staff: Readers see everything and change nothing, Operators run jobs, scans and keys."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them, and say how much each may."""
        for name, count in make_roles().items():
            self.stdout.write(f"{name}: {count} permissions.")
