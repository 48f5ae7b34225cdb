"""manage.py import_bars: one file of bars into one series."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.management.users import user_named
from market.errors import MarketError
from market.importers import FORMATS
from market.models import Adjustment
from market.services import import_file

_SHOWN = 20


class Command(BaseCommand):
    """Import one file; a bad bar refuses it, unless bad bars are to be left out."""

    help = "Import a file of bars (plain, .gz, or .zip with one file) as one series, replacing an earlier one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--symbol", required=True)
        parser.add_argument("--timeframe", required=True, help="1m 5m 15m 30m 1h 4h 1d 1w 1M, …")
        parser.add_argument("--format", default="csv", choices=sorted(FORMATS))
        parser.add_argument("--adjustment", default="raw", choices=Adjustment.values)
        parser.add_argument("--owner", help="user name; without it every user can read the series")
        parser.add_argument("--source", default="", help="where the bars come from (default: the file's name)")
        parser.add_argument("--name", default="", help="the instrument's name")
        parser.add_argument("--timezone", help="IANA zone of times that name none, and of the sessions")
        parser.add_argument("--time-format", help="strptime format, if the times are not ISO 8601 or epochs")
        parser.add_argument("--skip-bad-bars", action="store_true", help="leave bad bars out, and report them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what was stored and what was left out."""
        names = ("symbol", "timeframe", "format", "adjustment", "source", "name", "timezone", "time_format")
        try:
            report = import_file(
                owner=None if options["owner"] is None else user_named(options["owner"]),
                path=options["file"],
                now=timezone.now(),
                skip_bad_bars=options["skip_bad_bars"],
                **{name: options[name] for name in names},
            )
        except MarketError as error:
            raise CommandError(_with_faults(error.detail, error.faults)) from error
        series = report.series
        self.stdout.write(
            f"{series}: {series.bar_count} bars, {series.first_at:%F %H:%M} to {series.last_at:%F %H:%M} UTC"
        )
        if report.newest_first:
            self.stdout.write("the file's newest bar comes first: turned around")
        if report.skipped_count:
            self.stdout.write(_with_faults(f"{report.skipped_count} bad bars were left out", report.skipped))


def _with_faults(text: str, faults: list[Any]) -> str:
    lines = [f"  {fault.pointer} {fault.code}: {fault.detail}" for fault in faults[:_SHOWN]]
    if len(faults) > _SHOWN:
        lines.append(f"  and {len(faults) - _SHOWN} more")
    return "\n".join([text, *lines])
