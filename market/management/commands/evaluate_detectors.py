"""manage.py evaluate_detectors: precision, recall and noise rates of every detector, printed or written down."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from analysis import __version__
from analysis.records.baselines import FILE, baseline, noise_summary, stored
from analysis.validation.detector_evaluation import SEED, SHAPES, rates, sources, trials
from analysis.validation.detector_tables import page, tables
from market.demo_series import demo_bars, demo_symbols

PAGE = Path(settings.BASE_DIR) / "docs" / "patterns.md"


class Command(BaseCommand):
    """Measure all detectors; the same figures every time."""

    help = "Measure every detector: shapes found and events that are shapes, and events per 1,000 bars of noise."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the seed, the number of shapes, and whether to write."""
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--shapes", type=int, default=SHAPES, help="shapes per detector and noise level")
        parser.add_argument("--write", action="store_true", help="write the catalogue's figures and docs/patterns.md")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure, print, and write if asked."""
        counts, bars = rates([demo_bars(symbol) for symbol in demo_symbols()], seed=options["seed"])
        measured = {
            "engine": __version__,
            "seed": options["seed"],
            "timeframe": "1d",
            "series": demo_symbols(),
            "bars": bars,
            "rates": counts,
            "truth": list(trials(shapes=options["shapes"], seed=options["seed"])),
            "sources": sources(),
        }
        self.stdout.write(tables(measured))
        if options["write"]:
            FILE.write_text(_readable(measured))
            for one in (stored, baseline, noise_summary):
                one.cache_clear()
            PAGE.write_text(page(PAGE.read_text(), stored()))
            self.stdout.write(f"Written to {FILE.name} and {PAGE.name}.")


def _readable(measured: dict[str, Any]) -> str:
    """Return JSON with a line for each detector and each trial, so that a change is a short difference."""
    parts = []
    for key, value in measured.items():
        if key in ("rates", "sources"):
            rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in value.items())
            parts.append(f'"{key}": {{\n{rows}\n}}')
        elif key == "truth":
            rows = ",\n".join(json.dumps(trial) for trial in value)
            parts.append(f'"{key}": [\n{rows}\n]')
        else:
            parts.append(f'"{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"
