"""Whether Python, the servers and the installed packages are those that this release was tested with."""

import re
import sys
from importlib import metadata
from pathlib import Path

from django.conf import settings
from django.db import connection
from packaging.markers import Marker

from ops.doctor.finding import Finding, error, ok, warning
from ops.redis_info import ask

NAME = "versions"
PYTHON_SINCE, PYTHON_BEFORE = (3, 11), (3, 14)
# LMOVE, with which what lost workers held is brought forward, came with it.
BROKER_SINCE = (6, 2)
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$", re.MULTILINE)
SHOWN = 5


def check() -> Finding:
    """Compare what there is with what is needed, and installed packages with requirements/runtime.txt."""
    python, database, broker = sys.version_info[:2], tuple(connection.get_database_version()), _broker()
    needed = connection.features.minimum_database_version or ()
    told = f"Python {_text(python)}, {connection.display_name} {_text(database)}, broker {_text(broker)}"
    for found, since, what in (
        (python, PYTHON_SINCE, "Python"),
        (database, needed, connection.display_name),
        (broker, BROKER_SINCE, "The broker"),
    ):
        if found < tuple(since):
            return error(f"{what} is of version {_text(found)}.", f"Have {_text(tuple(since))} or later.")
    if python >= PYTHON_BEFORE:
        return warning(f"Python {_text(python)} is not tested with.", f"Have one before {_text(PYTHON_BEFORE)}.")
    if others := other_packages(settings.BASE_DIR / "requirements" / "runtime.txt"):
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        text = f"{', '.join(others[:SHOWN])}{more}: not as requirements/runtime.txt has them."
        return warning(text, "Install requirements/runtime.txt again (make setup), or use the image of this release.")
    return ok(f"{told}; packages are as requirements/runtime.txt has them.")


def other_packages(pins: Path) -> list[str]:
    """Return the packages that are not installed as a file pins them; where there is no file, none."""
    if not pins.exists():
        return []
    found = []
    for name, version, marker in PINNED.findall(pins.read_text()):
        if marker and not Marker(marker).evaluate():
            continue
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            installed = "missing"
        if installed != version:
            found.append(f"{name} {installed} instead of {version}")
    return found


def _broker() -> tuple[int, ...]:
    return tuple(int(part) for part in str(ask(settings.BROKER_URL, "server")["redis_version"]).split(".")[:2])


def _text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
