"""Whether the database has the tables of this release."""

from ops import components
from ops.doctor.finding import Finding, error, ok

NAME = "migrations"


def check() -> Finding:
    """Compare what is applied with what this release has."""
    found = components.migrations()
    if found.status == "ok":
        return ok("All migrations are applied.")
    if found.status == "failed":
        return error(f"The database does not tell its migrations ({found.detail}).", "See the database's own log.")
    return error(f"There are migrations {found.detail}.", "Run manage.py migrate_once.")
