"""Room on the disks that this machine writes to. The database's own, where it is elsewhere, it cannot see."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

from ops.doctor.finding import Finding, error, ok, warning

NAME = "free space"
# As much as `make run` asks for before it starts; and as much as a busy day may write.
ERROR_BYTES, WARNING_BYTES = 200 * 2**20, 2**30
REMEDY = "Make room, or move {variable}; when it is full, whatever writes answers 503 disk_full."


def check() -> Finding:
    """Look at each folder that is written to, and name the one with the least room."""
    free = {variable: shutil.disk_usage(_existing(folder)).free for variable, folder in _folders().items()}
    variable, least = min(free.items(), key=lambda item: item[1])
    text = f"{least // 2**20:,} MB are free where {variable} is."
    if least >= WARNING_BYTES:
        return ok(text)
    return (error if least < ERROR_BYTES else warning)(text, REMEDY.format(variable=variable))


def _folders() -> dict[str, Path]:
    found = {"DATA_DIR": Path(settings.DATA_DIR)}
    if settings.ARCHIVE_DIR:
        found["ARCHIVE_DIR"] = Path(settings.ARCHIVE_DIR)
    if connection.vendor == "sqlite":
        found["DATABASE_URL"] = Path(connection.settings_dict["NAME"])
    return found


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.absolute().parents) if path.exists())
