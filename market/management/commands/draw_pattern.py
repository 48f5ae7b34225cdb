"""manage.py draw_pattern: a pattern found in the demo series, as an SVG."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import charts
from analysis import Bars, Plan, run
from analysis.errors import PlanError
from analysis.events import Event
from market.demo_series import demo_bars, demo_symbols

LATER_NS = 4_102_444_800_000_000_000  # 2100: every bar is over


class Command(BaseCommand):
    """Draw the best example of a pattern; the same every time."""

    help = "Draw the event of this name with the highest score in the demo series (or in one of them) as an SVG."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the detector, the events' name where it has several, the symbol, and where to write."""
        parser.add_argument(
            "pattern", help="a detector, such as gartley, head_and_shoulders or divergence(oscillator=rsi)"
        )
        parser.add_argument("--name", help="the events' name, where the detector finds several")
        parser.add_argument("--symbol", choices=demo_symbols(), help="one of the series; all of them if left out")
        parser.add_argument("--out", type=Path, help="the file to write; standard output if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find, draw and write."""
        symbols = [options["symbol"]] if options["symbol"] else demo_symbols()
        try:
            plan = Plan.parse([options["pattern"]])
        except PlanError as error:
            raise CommandError("; ".join(fault.detail for fault in error.faults)) from error
        best: tuple[Bars, Event] | None = None
        for symbol in symbols:
            bars = demo_bars(symbol)
            for event in run(plan, bars, now_ns=LATER_NS).events:
                is_named = options["name"] in (None, event.name)
                if is_named and event.points and (best is None or event.score > best[1].score):
                    best = bars, event
        if best is None:
            raise CommandError(f"No {options['name'] or options['pattern']} in {', '.join(symbols)}.")
        picture = self._picture(*best)
        if options["out"] is None:
            self.stdout.write(picture)
        else:
            options["out"].write_text(picture)
            self.stdout.write(f"{best[1].name} in {best[0].symbol}, score {best[1].score:.2f}: {options['out']}")

    def _picture(self, bars: Bars, event: Event) -> str:
        return charts.draw(charts.compose(bars, events=[event.to_dict()], event=event.id))
