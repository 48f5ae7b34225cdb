"""Create the scheduled scan of the demo universe, once."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_celery_beat.models import IntervalSchedule

from accounts.management.users import user_named
from jobs import clock
from scans.models import Scan

NAME = "demo"
ANALYSES = ["rsi", "macd", "atr", "candlesticks"]


class Command(BaseCommand):
    help = "Create the scheduled scan of the demo universe, unless it is there already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?", help="Who owns the scan; the first superuser if left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["username"]
        owner = user_named(name) if name else _first_superuser()
        interval, _ = IntervalSchedule.objects.get_or_create(every=10, period=IntervalSchedule.MINUTES)
        _, created = Scan.objects.get_or_create(
            owner_id=owner.pk,
            name=NAME,
            # Its first time is now: who has just started the program wants to see a run.
            defaults={"universe": "demo", "analyses": ANALYSES, "interval": interval, "next_fire_at": clock.now()},
        )
        self.stdout.write(f"Scan {NAME!r} {'created' if created else 'is there'}.")


def _first_superuser() -> AbstractBaseUser:
    first: AbstractBaseUser | None = get_user_model().objects.filter(is_superuser=True).order_by("pk").first()
    if first is None:
        raise CommandError("There is no superuser yet.")
    return first
