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
    packed = bytes(blob.data)
    if sha256(packed).hexdigest() != blob.sha256:
        raise BlobDamaged(f"Blob {blob.pk} does not match its checksum.")
    try:
        return zstandard.ZstdDecompressor().decompress(packed, max_output_size=MAX_UNPACKED_BYTES)
    except zstandard.ZstdError as error:
        raise BlobDamaged(f"Blob {blob.pk} cannot be unpacked: {error}.") from error
