"""Print how long the admin's home and its lists take at a million jobs, on a throwaway PostgreSQL.

    make bench-admin

Each page is asked for as a browser does, five times; the home's figures are read again every time, which they are not
for who looks at it. Beside the time by the clock, which the machine's other work lengthens, stands the CPU's of the
process that answers; the last column is what a page may take by the clock on a machine that does nothing else.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from gravity.local import services
from gravity.local.errors import Fault

HERE = "BENCH_ADMIN"
TRIES = 5
LIST_MS, HOME_MS = 200, 300


@contextmanager
def _million(now: datetime) -> Iterator[str]:
    """Fill the tables and give the id of a job that failed."""
    from jobs.selectors import jobs_of
    from tests.jobs import million

    with million.million_jobs(now) as owners:
        yield str(jobs_of(owners[-1], state="failed").order_by("-id").values_list("id", flat=True)[0])


def show() -> None:
    """Fill the tables and print a line a page."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gravity.settings")
    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from ops.admin_home import figures

    call_command("migrate", verbosity=0)
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("boss"))
    with _million(timezone.now()) as failed:
        job, lists = f"/admin/jobs/job/{failed}/change/", "/admin/jobs/job/"
        pages = {
            "/admin/": HOME_MS,
            "/admin/figures/": HOME_MS,
            lists: LIST_MS,
            f"{lists}?p=100": LIST_MS,
            f"{lists}?all=&o=7.-2&_facets=True": LIST_MS,
            **{f"{lists}?state={state}": LIST_MS for state in ("failed", "succeeded", "running", "cancelled")},
            **{f"{lists}?q={text}": LIST_MS for text in ("HOT", "S1", "tag:nightly", "owner1", failed[:6], "nobody")},
            job: LIST_MS,
            "/admin/jobs/chunk/": LIST_MS,
            "/admin/jobs/chunk/?state=accepted": LIST_MS,
            f"/admin/jobs/chunk/?q={failed}": LIST_MS,
            "/admin/jobs/transition/": LIST_MS,
            f"/admin/jobs/transition/?q={failed}": LIST_MS,
            "/admin/jobs/storageuse/": LIST_MS,
        }
        print(f"{'page':<66}{'usual':>8}{'slowest':>9}{'CPU':>6}{'of':>6} ms")
        for path, most in pages.items():
            taken, cpu = [], []
            for _ in range(TRIES):
                figures.forget()
                began, spent = time.perf_counter(), time.process_time()
                answer = client.get(path)
                taken.append(1_000 * (time.perf_counter() - began))
                cpu.append(1_000 * (time.process_time() - spent))
                assert answer.status_code == 200, (path, answer.status_code)
            usual, own = sorted(taken)[TRIES // 2], sorted(cpu)[TRIES // 2]
            line = f"{path:<66}{usual:>8.0f}{max(taken):>9.0f}{own:>6.0f}{most:>6}"
            print(line if usual <= most else f"{line}  more than it may", flush=True)


def main() -> int:
    """Run it on services of its own."""
    if HERE in os.environ:
        show()
        return 0
    with tempfile.TemporaryDirectory(prefix="gravity-bench-admin-", ignore_cleanup_errors=True) as folder:
        os.environ |= {HERE: "1", "DATA_DIR": folder, "LOG_LEVEL": "WARNING"}
        try:
            return services.run([sys.executable, "-m", "scripts.bench_admin"])
        except Fault as fault:
            print(f"bench-admin: {fault}", file=sys.stderr)
            return 1


if __name__ == "__main__":
    sys.exit(main())
