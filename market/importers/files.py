"""The bytes of a file: plain, gzip, or a zip with one member, within a bound."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from pathlib import Path
from typing import IO

from market.errors import ImportRefused

MAX_BYTES = 256 * 1024 * 1024


def file_bytes(path: Path, *, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the file's content; raise ImportRefused if it cannot be read or is too large."""
    try:
        with path.open("rb") as stream:
            return unpacked(_bounded(stream, max_bytes), max_bytes=max_bytes)
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read: {error.strerror}.") from error


def unpacked(data: bytes, *, max_bytes: int = MAX_BYTES) -> bytes:
    """Return what is inside gzip or a zip of one member, by the first bytes; other data as it is."""
    try:
        if data.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
                return _bounded(stream, max_bytes)
        if data.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                names = archive.namelist()
                if len(names) != 1:
                    raise ImportRefused(f"The zip holds {len(names)} files, not one.")
                with archive.open(names[0]) as stream:
                    return _bounded(stream, max_bytes)
    except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        raise ImportRefused("The file cannot be unpacked.") from error
    return data


def _bounded(stream: IO[bytes] | gzip.GzipFile, max_bytes: int) -> bytes:
    data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise ImportRefused(f"The file holds more than {max_bytes:,} bytes.")
    return data
