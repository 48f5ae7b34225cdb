"""manage.py evaluate_labels: how many chart patterns that people have marked are found, and how many by chance."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from analysis.bars import Bars
from analysis.patterns.sizes import SIZES
from analysis.validation.label_evaluation import GOALS, Label, by_pause, evaluated, shortfalls, table

COLUMNS = ("open", "high", "low", "close", "volume")


class Command(BaseCommand):
    """Hold the detectors of one scale against labels that lie outside the project."""

    help = "Print how many labelled chart patterns are found; fails when that is less than the goal of the scale."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder of the labels and their bars, and the scale."""
        parser.add_argument("folder", type=Path, help="with labels.csv (symbol, name, start, end) and bars.parquet")
        parser.add_argument("--scale", choices=tuple(SIZES), default="short")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a row a name; CommandError says what is below the goal."""
        scale = options["scale"]
        labels, series = _labels(options["folder"]), _series(options["folder"])
        rows, events = evaluated(labels, series, scale)
        self.stdout.write(table(rows, events))
        pauses, found, chance = by_pause(labels, series, scale)
        if pauses:
            self.stdout.write(f"{pauses} flags and pennants by the pause alone: {found:.3f} found, chance {chance:.3f}")
        missed = shortfalls(rows, events, GOALS[scale]) if scale in GOALS else []
        if missed:
            raise CommandError(f"Below the goal of {scale}: {'; '.join(missed)}.")


def _labels(folder: Path) -> list[Label]:
    try:
        with (folder / "labels.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        return [Label(row["symbol"], row["name"], _ns(row["start"]), _ns(row["end"])) for row in rows]
    except (OSError, KeyError, ValueError) as reason:
        raise CommandError(f"{folder}/labels.csv cannot be read: {reason}") from reason


def _series(folder: Path) -> dict[str, Bars]:
    try:
        from pyarrow import parquet
    except ImportError as reason:
        raise CommandError("Bars in Parquet need pyarrow: install requirements/dev.txt.") from reason
    try:
        columns = parquet.read_table(folder / "bars.parquet").to_pydict()
    except (OSError, ValueError) as reason:
        raise CommandError(f"{folder}/bars.parquet cannot be read: {reason}") from reason
    symbols = np.array(columns["symbol"])
    time = np.array(columns["date"], "datetime64[ns]").astype(np.int64)
    prices = {name: np.array(columns[name], np.float64) for name in COLUMNS}
    series = {}
    for symbol in dict.fromkeys(columns["symbol"]):
        mine = symbols == symbol
        of_symbol = {name: column[mine] for name, column in prices.items()}
        series[symbol] = Bars(time=time[mine], **of_symbol, timeframe="1d", symbol=symbol)
    return series


def _ns(day: str) -> int:
    return int(np.datetime64(day, "ns").astype(np.int64))
