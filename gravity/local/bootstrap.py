"""Make a data folder ready: schema, accounts, roles, demo data, models, the demo scan. Every step may run again.

Runs as a process of its own (`python -m gravity.local.bootstrap <key file> <password file>`) in the system's
environment.
"""

import contextlib
import io
import secrets
import sys
from pathlib import Path

import django
from django.core.management import call_command

from gravity.local.environment import keep_secret

ADMIN = "admin"


def ensure_admin(path: Path) -> None:
    """Create the administrator, if there is none; the password is in the file first, for the start may not end."""
    from django.contrib.auth.models import User

    users = User.objects
    if users.filter(is_superuser=True).exists():
        return
    keep_secret(path, secrets.token_urlsafe(12))
    users.create_superuser(ADMIN, password=path.read_text().strip())


def ensure_key(path: Path) -> None:
    """Create the demo client's API key and keep it in a file of this user alone."""
    if path.exists():
        return
    said = io.StringIO()
    call_command("create_api_key", ADMIN, name="local", stdout=said)
    keep_secret(path, said.getvalue().split()[-1])


def main(key_file: Path, password_file: Path) -> None:
    """Run every step; what the steps say goes to the log."""
    with contextlib.redirect_stdout(sys.stderr):
        django.setup()
        call_command("migrate", interactive=False, verbosity=1)
        ensure_admin(password_file)
        ensure_key(key_file)
        call_command("create_roles")
        call_command("load_demo")
        call_command("register_models")
        call_command("ensure_demo_scan")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
