"""A command that reads the archives of all deleted jobs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs import archive
from jobs.errors import ArchiveDamaged
from jobs.queries import removal


class Command(BaseCommand):
    """Read every archive that a tombstone names to its end, and name the jobs whose archive is not whole."""

    help = "Read the archives of all deleted jobs; exit code 1 where one is missing or cannot be read."

    def handle(self, *args: Any, **options: Any) -> None:
        """Check them in the order of the jobs, print those that are not whole, and count."""
        whole, damaged = 0, 0
        for stone in removal.archived().iterator(chunk_size=1_000):
            try:
                archive.check(stone)
            except ArchiveDamaged as error:
                damaged += 1
                self.stderr.write(f"{stone.pk}: {error.detail}")
            else:
                whole += 1
        counts = f"archives: {whole + damaged}, whole: {whole}, missing or unreadable: {damaged}"
        if damaged:
            raise CommandError(counts)
        self.stdout.write(counts)
