"""Certificates: what the point-in-time check found for an entry, and for which source; a file each.

`make certify` writes those that are missing or stale.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("stored") / "certificates"
Certificate = dict[str, Any]


@cache
def certificate(name: str) -> Certificate | None:
    """Return the certificate of the entry of this name, or None."""
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        return None
    found: Certificate = json.loads(path.read_text())
    return found


def certified() -> set[str]:
    """Return the names of all entries that have one."""
    return {path.stem for path in FOLDER.glob("*.json")}


def write_certificate(name: str, found: Certificate) -> None:
    """Keep what was found for the entry of this name, in place of what was."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    certificate.cache_clear()


def remove_certificate(name: str) -> None:
    """Remove that of an entry that is gone."""
    (FOLDER / f"{name}.json").unlink()
    certificate.cache_clear()
