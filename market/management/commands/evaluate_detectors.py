"""manage.py evaluate_detectors: precision, recall, rates and outcomes of every detector, printed or written down."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from analysis import Bars, __version__
from analysis.records.baselines import FILE, forget, stored
from analysis.validation.detector_evaluation import SEED, SHAPES, sources, trials
from analysis.validation.detector_rates import DRAWS, PATHS, counted, rows
from analysis.validation.detector_tables import page, tables
from analysis.validation.forming_share import LAST, forming_shares
from analysis.validation.forward_returns import what_came_after
from analysis.validation.other_series import drawn_shapes, of_generators, of_series
from market.demo_series import demo_bars, demo_symbols

PAGE = Path(settings.BASE_DIR) / "docs" / "patterns.md"
HOURLY = "fx_hourly_2010_2018.parquet"
# Of years and markets by which nothing was chosen; (folder beside `--hourly`, file, first day, every n-th symbol).
MARKETS = {
    "shares": ("../oracles/chart_labels", "bars.parquet", "1d", "2019-01-01", 8),
    "coins": ("", "crypto_hourly_2021_2023.parquet", "1h", "2021-04-05", 5),
}
DATA = Path(os.environ.get("GRAVITY_SHARED", Path(settings.BASE_DIR).parent / "shared")) / "data"


class Command(BaseCommand):
    """Measure all detectors; the same figures every time."""

    help = (
        "Measure every detector: shapes found and events that are shapes, events per 1,000 bars of noise, and what "
        "events come to. It takes about six minutes of one core, two of them for the hourly bars."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the seed, how much is drawn, where hourly bars are, and whether to write."""
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--shapes", type=int, default=SHAPES, help="shapes per detector and noise level")
        parser.add_argument("--draws", type=int, default=DRAWS, help="of every series as noise")
        parser.add_argument("--forming", type=int, default=LAST, help="bars of each series that are watched")
        parser.add_argument("--hourly", type=Path, default=DATA, help=f"the folder of {HOURLY}")
        parser.add_argument("--write", action="store_true", help="write the catalogue's figures and docs/patterns.md")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure, print, and write if asked."""
        daily = [demo_bars(symbol) for symbol in demo_symbols()]
        found: dict[str, Any] = {
            "engine": __version__,
            "seed": options["seed"],
            "draws": options["draws"],
            "measured": {},
            "rates": [],
            "truth": list(trials(shapes=options["shapes"], seed=options["seed"])),
            "forming": forming_shares(daily, options["forming"]),
            "after": [list(row) for row in what_came_after(daily)],
            "sources": sources(),
        }
        _measure(found, "1d", daily, options)
        if (options["hourly"] / HOURLY).is_file():
            _measure(found, "1h", _hourly(options["hourly"]), options)
        else:
            self.stderr.write(f"{HOURLY} is not in {options['hourly']}: what was measured of hourly bars is kept.")
            _keep(found, "1h")
        _measure_others(found, options)
        found["rates"].sort(key=lambda row: row[:2])  # stable: the default scale of each stays the first
        self.stdout.write(tables(found))
        if options["write"]:
            FILE.write_text(_readable(found))
            forget()
            PAGE.write_text(page(PAGE.read_text(), stored()))
            self.stdout.write(f"Written to {FILE.name} and {PAGE.name}.")


def _measure(found: dict[str, Any], timeframe: str, several: Sequence[Bars], options: dict[str, Any]) -> None:
    counts = counted(several, draws=options["draws"], paths=min(PATHS, options["draws"]), seed=options["seed"])
    found["measured"][timeframe] = {
        "series": [bars.symbol for bars in several],
        "bars": {series: int(count.bars.sum()) for series, count in counts.items()},
        "quarters": len(counts["real"].bars),
    }
    found["rates"] += [[name, timeframe, scale, row] for name, scale, row in rows(counts)]


def _measure_others(found: dict[str, Any], options: dict[str, Any]) -> None:
    """Measure on other generators, and on other markets where their files are; else keep what is stored of those."""
    measured = of_generators(options["seed"])
    found["other_truth"] = list(drawn_shapes(options["seed"]))
    before = stored()
    for market, file in MARKETS.items():
        if (options["hourly"] / file[0] / file[1]).is_file():
            measured[market] = of_series(_of_market(options["hourly"], *file), seed=options["seed"])
        elif market in before.get("others", {}):
            counts = {(name, scale): one[market] for name, scale, one in before["other_events"]}
            rows = [[name, scale, counts.get((name, scale), 0)] for name, scale, _ in measured["garch"]["events"]]
            measured[market] = {**before["others"][market], "events": rows}
    events: dict[tuple[str, str], dict[str, int]] = {}
    for series, one in measured.items():
        for name, scale, count in one.pop("events"):
            events.setdefault((name, scale), {})[series] = count
    found["others"], found["other_events"] = measured, [[*key, counts] for key, counts in events.items()]


def _of_market(folder: Path, place: str, name: str, timeframe: str, since: str, every: int) -> list[Bars]:
    from ml.series_files import SeriesFile, bars_of

    return list(bars_of(folder / place, SeriesFile(name, "none stated", None, timeframe, since, every)))


def _hourly(folder: Path) -> list[Bars]:
    from ml.series_files import SeriesFile, bars_of  # pandas is no part of what is installed with the program

    return list(bars_of(folder, SeriesFile(HOURLY, "Apache-2.0 (QuantConnect/Lean)", timeframe="1h")))


def _keep(found: dict[str, Any], timeframe: str) -> None:
    """Take over what is stored of a timeframe, of the detectors that are as they were."""
    before = stored()
    if timeframe in before.get("measured", {}):
        found["measured"][timeframe] = before["measured"][timeframe]
        same = {name for name, source in found["sources"].items() if before["sources"].get(name) == source}
        found["rates"] += [row for row in before["rates"] if row[1] == timeframe and row[0] in same]


def _readable(measured: dict[str, Any]) -> str:
    """Return JSON with a line for each detector and each trial, so that a change is a short difference."""
    parts = []
    for key, value in measured.items():
        if isinstance(value, dict):
            rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in value.items())
            parts.append(f'"{key}": {{\n{rows}\n}}')
        elif isinstance(value, list):
            rows = ",\n".join(json.dumps(row) for row in value)
            parts.append(f'"{key}": [\n{rows}\n]')
        else:
            parts.append(f'"{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"
