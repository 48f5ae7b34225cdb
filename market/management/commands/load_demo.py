"""manage.py load_demo: the demo series and their universe, for every user."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from market.services import load_demo


class Command(BaseCommand):
    """Load demo_data/; does nothing where it is loaded already."""

    help = "Load the demo series and their universe for every user. Does nothing where they are unchanged."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what was written."""
        report = load_demo(now=timezone.now())
        self.stdout.write(
            f"universe {report.universe}: {', '.join(report.symbols)}; {report.bar_count} bars, "
            f"{report.written} of {len(report.symbols)} series written"
        )
