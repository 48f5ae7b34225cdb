"""Print what months of use do to the job tables, on a throwaway PostgreSQL and on SQLite.

    python -m scripts.months                      # all of it, the sizes at a million jobs
    python -m scripts.months --jobs 10000000 --only sizes

Every part has a database of its own and runs in a process of its own. The machine's other work lengthens seconds, not
the CPU's: where both stand, compare the latter.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from gravity.local import services
from gravity.local.errors import Fault

# Each with the jobs it is shown with, unless all have been given a number.
PARTS = {
    "sizes": ("postgresql", 1_000_000),
    "bloat": ("postgresql", 2_000),
    "retention": ("postgresql", 20_000),
    "retention-sqlite": ("sqlite", 20_000),
    "lists": ("postgresql", 1_000_000),
    "lists-sqlite": ("sqlite", 1_000_000),
}
FILLED = 30_000
HERE = "MONTHS_PART"


def show(part: str, jobs: int) -> None:
    """Show one part on the database that this process was given."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gravity.settings")
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from scripts.months import bloat, finished, lists, retention, sizes

    call_command("migrate", verbosity=0)
    now = timezone.now()
    if part == "bloat":
        finished.fill(FILLED, now, inline=False, changed={})
    {"sizes": sizes, "bloat": bloat, "retention": retention, "lists": lists}[part.split("-")[0]].show(jobs, now)


def main() -> int:
    """Show the parts asked for, one after another; the exit code is that of the first that fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--jobs", type=int, help="instead of each part's own number")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    asked = parser.parse_args()
    if HERE in os.environ:
        (part,) = asked.only
        show(part, asked.jobs or PARTS[part][1])
        return 0
    print(f"months of {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores", flush=True)
    for part in asked.only:
        with tempfile.TemporaryDirectory(prefix="gravity-months-", ignore_cleanup_errors=True) as folder:
            os.environ |= {HERE: part, "DATA_DIR": folder, "LOG_LEVEL": "WARNING", "OPEN_JOBS_PER_OWNER": "0"}
            command = [sys.executable, "-m", "scripts.months", "--only", part]
            command += ["--jobs", str(asked.jobs)] if asked.jobs else []
            if PARTS[part][0] == "sqlite":
                # The broker alone is taken from the services.
                command = ["env", f"DATABASE_URL=sqlite:///{Path(folder) / 'gravity.sqlite3'}", *command]
            try:
                failed = services.run(command)
            except Fault as fault:
                print(f"months: {fault}", file=sys.stderr)
                return 1
            if failed:
                return failed
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except subprocess.SubprocessError as error:
        sys.exit(str(error))
