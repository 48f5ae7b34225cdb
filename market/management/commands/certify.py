"""manage.py certify: check entries without a current certificate on the series that ship, and write what was found."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.catalog.registry import ENTRIES
from analysis.records.certificates import certificate, certified, remove_certificate, write_certificate
from analysis.validation.certificates import certify, is_current
from market.demo_series import demo_bars, demo_symbols


class Command(BaseCommand):
    """Certify what is new or was changed; certificates of entries that are gone are removed."""

    help = "Hold entries without a current certificate to the point-in-time check, and write a certificate each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to check every entry again."""
        parser.add_argument("--all", action="store_true", help="check every entry again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the certificates and say what was checked; CommandError names what failed."""
        real = {symbol: demo_bars(symbol) for symbol in demo_symbols()}
        failed = []
        for name, entry in sorted(ENTRIES.items()):
            if not options["all"] and is_current(entry, certificate(name)):
                continue
            try:
                write_certificate(name, certify(entry, real))
                self.stdout.write(f"{name}: point in time")
            except AssertionError as reason:
                failed.append(f"{name}: {reason}")
        for name in sorted(certified() & ({line.partition(":")[0] for line in failed} | certified() - set(ENTRIES))):
            remove_certificate(name)
            self.stdout.write(f"{name}: certificate removed")
        self.stdout.write(f"{len(certified())} of {len(ENTRIES)} entries have a certificate")
        if failed:
            raise CommandError("\n".join(failed))
