"""A command that makes an API key for a user."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.management.users import user_named
from accounts.models import Scope
from accounts.services.keys import create_key


class Command(BaseCommand):
    """Print a new API key, once."""

    help = "Create an API key for a user and print it; only its hash is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare whose key it is, what it is for, and what it may do."""
        parser.add_argument("username")
        parser.add_argument("--name", default="command line", help="what uses the key")
        parser.add_argument("--scopes", default="read,submit", help=f"of {', '.join(Scope.values)}")
        parser.add_argument("--days", type=int, help="how long it is valid; for ever by default")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the key and print it alone on a line, so that a script can read it."""
        scopes = [scope.strip() for scope in options["scopes"].split(",") if scope.strip()]
        strange = sorted(set(scopes) - set(Scope.values))
        if strange or not scopes:
            raise CommandError(f"Scopes are {', '.join(Scope.values)}; not {', '.join(strange) or 'nothing'}.")
        if options["days"] is not None and not 1 <= options["days"] <= 36_500:
            raise CommandError("--days is between 1 and 36500.")
        owner = user_named(options["username"])
        now = timezone.now()
        expires_at = now + timedelta(days=options["days"]) if options["days"] else None
        name = options["name"][:100]
        self.stdout.write(create_key(owner=owner, name=name, scopes=scopes, now=now, expires_at=expires_at).text)
