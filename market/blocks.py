"""The columnar codec of stored bars: at most 4,096 bars a block, checked on the way in and on the way out.

A block is 16 bytes of header (magic, flags, count) and then whole columns: time as little-endian int64
nanoseconds since 1970 UTC, open, high, low, close and, if flag 1 is set, volume as little-endian float64. A
volume of NaN is unknown. The sha256 is taken of these bytes, so it does not depend on the compressor;
stored is one zstd frame.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import zstandard

from analysis.arrays import Floats, Times
from market.errors import BlockDamaged

BLOCK_BARS = 4_096
_HEADER = struct.Struct("<4sIQ")
_MAGIC = b"GBB1"
_HAS_VOLUME = 1
_MAX_BYTES = _HEADER.size + BLOCK_BARS * 6 * 8
_LEVEL = 3


class Columns(NamedTuple):
    """Hold bars as equal-length columns; `volume` is None where the source has none at all."""

    time: Times
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats | None

    def part(self, start: int, stop: int) -> Columns:
        """Return the bars from start to before stop, as views."""
        return Columns(*(None if column is None else column[start:stop] for column in self))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class EncodedBlock:
    """Hold what a row of the block table needs."""

    first_ns: int
    last_ns: int
    count: int
    sha256: str
    data: bytes


def encode_block(columns: Columns) -> EncodedBlock:
    """Return the block for 1 to 4,096 bars; raise ValueError for another number or for unequal columns."""
    count = len(columns.time)
    if not 1 <= count <= BLOCK_BARS:
        raise ValueError(f"a block holds 1 to {BLOCK_BARS} bars, not {count}")
    if any(column is not None and len(column) != count for column in columns):
        raise ValueError("the columns differ in length")
    flags = 0 if columns.volume is None else _HAS_VOLUME
    parts = [_HEADER.pack(_MAGIC, flags, count), np.ascontiguousarray(columns.time, dtype="<i8").tobytes()]
    parts += [np.ascontiguousarray(column, dtype="<f8").tobytes() for column in columns[1:] if column is not None]
    raw = b"".join(parts)
    return EncodedBlock(
        first_ns=int(columns.time[0]),
        last_ns=int(columns.time[-1]),
        count=count,
        sha256=hashlib.sha256(raw).hexdigest(),
        data=zstandard.ZstdCompressor(level=_LEVEL).compress(raw),
    )


def decode_block(data: bytes | memoryview, sha256: str) -> Columns:
    """Return the columns of a stored block, read-only.

    Raises BlockDamaged for anything that is not exactly what `encode_block` wrote under that sha256. The
    size named in the frame is checked before a byte is decompressed, so a crafted frame cannot claim
    memory.
    """
    raw = _decompress(bytes(data))
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise BlockDamaged("The block's sha256 differs from the stored one.")
    magic, flags, count = _HEADER.unpack_from(raw)
    width = 6 if flags & _HAS_VOLUME else 5
    if magic != _MAGIC or flags > _HAS_VOLUME or not 1 <= count <= BLOCK_BARS:
        raise BlockDamaged("The block's header is not one of ours.")
    if len(raw) != _HEADER.size + count * width * 8:
        raise BlockDamaged("The block's length does not fit its count.")
    time = np.frombuffer(raw, dtype="<i8", count=count, offset=_HEADER.size)
    floats = np.frombuffer(raw, dtype="<f8", offset=_HEADER.size + count * 8).reshape(width - 1, count)
    return Columns(time, floats[0], floats[1], floats[2], floats[3], floats[4] if width == 6 else None)


def _decompress(data: bytes) -> bytes:
    try:
        size = zstandard.get_frame_parameters(data).content_size
        if not _HEADER.size < size <= _MAX_BYTES:
            raise BlockDamaged("The block's frame names an impossible size.")
        return zstandard.ZstdDecompressor().decompress(data, max_output_size=_MAX_BYTES, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise BlockDamaged("The block cannot be decompressed.") from error


def split(columns: Columns) -> Iterator[EncodedBlock]:
    """Yield full blocks of 4,096 bars and a last one with the rest."""
    for start in range(0, len(columns.time), BLOCK_BARS):
        yield encode_block(columns.part(start, start + BLOCK_BARS))


def join(parts: Sequence[Columns]) -> Columns:
    """Return the parts one after another; where only some have volume, the others' is NaN (unknown)."""
    if len(parts) == 1:
        return parts[0]
    if all(part.volume is None for part in parts):
        volume = None
    else:
        volume = np.concatenate(
            [np.full(len(part.time), np.nan) if part.volume is None else part.volume for part in parts]
        )
    return Columns(
        np.concatenate([part.time for part in parts]),
        np.concatenate([part.open for part in parts]),
        np.concatenate([part.high for part in parts]),
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.close for part in parts]),
        volume,
    )
