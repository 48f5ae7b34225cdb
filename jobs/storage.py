"""Blobs: written once, checked on every read."""

from datetime import datetime
from hashlib import sha256

import zstandard

from jobs import raw_sql
from jobs.errors import BlobDamaged
from jobs.models import Blob
from jobs.queries import reads

# What a blob may unpack to; a chunk of MAX_ITEMS symbols with long outputs stays far below.
MAX_UNPACKED_BYTES = 1 << 30


def write(data: bytes, *, now: datetime) -> Blob:
    """Insert a blob with these bytes, compressed, and return it."""
    packed = zstandard.ZstdCompressor(level=1, write_checksum=False).compress(data)
    blob = Blob(sha256=sha256(packed).hexdigest(), size=len(packed), data=packed, created_at=now)
    raw_sql.insert([blob])
    return blob


def read(blob_id: int) -> bytes:
    """Return the bytes of a blob; BlobDamaged when they are not the ones that were written."""
    return unpack(reads.blob_by_id(blob_id))


def unpack(blob: Blob) -> bytes:
    """Return the bytes of a blob that was read with something else; BlobDamaged as read()."""
    unpacked, size = opened(blob)
    return unpacked.read(size)


def opened(blob: Blob) -> "tuple[Unpacked, int]":
    """Return a blob's bytes, to be read from their beginning to their end, and how many there are.

    Raises BlobDamaged as read() does. Only what is read is in memory, besides the packed bytes.
    """
    packed = bytes(blob.data)
    if sha256(packed).hexdigest() != blob.sha256:
        raise BlobDamaged(f"Blob {blob.pk} does not match its checksum.")
    try:
        size = zstandard.get_frame_parameters(packed).content_size
    except zstandard.ZstdError as error:
        raise BlobDamaged(f"Blob {blob.pk} cannot be unpacked: {error}.") from error
    if size > MAX_UNPACKED_BYTES:
        raise BlobDamaged(f"Blob {blob.pk} would unpack to {size:,} bytes.")
    return Unpacked(blob.pk, packed), size


class Unpacked:
    """The bytes of a blob, unpacked as they are read."""

    def __init__(self, blob_id: int, packed: bytes) -> None:
        self._blob_id = blob_id
        self._reader = zstandard.ZstdDecompressor().stream_reader(packed)

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, fewer where they end."""
        try:
            return self._reader.read(size)
        except zstandard.ZstdError as error:
            raise BlobDamaged(f"Blob {self._blob_id} cannot be unpacked: {error}.") from error

    def seek(self, offset: int, whence: int, /) -> int:
        """Pass over some of the next bytes."""
        try:
            return self._reader.seek(offset, whence)
        except zstandard.ZstdError as error:
            raise BlobDamaged(f"Blob {self._blob_id} cannot be unpacked: {error}.") from error
