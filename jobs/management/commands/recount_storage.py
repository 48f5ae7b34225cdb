"""Correct the sums of what owners' jobs take."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandParser

from jobs.services.recount_storage import recount


class Command(BaseCommand):
    help = "Count what owners' jobs take of the storage again, as after going back to an older release."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("usernames", nargs="*", help="all owners if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model().objects.order_by("pk")
        if options["usernames"]:
            users = users.filter(username__in=options["usernames"])
        for user in users:
            before, after = recount(user.pk)
            if before != after:
                self.stdout.write(f"{user}: {before.stored_bytes:,} bytes were {after.stored_bytes:,}")
