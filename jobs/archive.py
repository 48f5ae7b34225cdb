"""One file per deleted job, as JSON lines under zstd: the job, its chunks, its transitions, its results."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import zstandard
from django.conf import settings

from analysis import codec
from jobs import storage
from jobs.errors import BlobDamaged
from jobs.models import Chunk, Job
from jobs.queries import life, reads
from jobs.selectors import describe


def write(job: Job) -> str:
    """Write the job's archive and return its path below ARCHIVE_DIR; an empty text where nothing is archived."""
    if not settings.ARCHIVE_DIR:
        return ""
    place = Path(f"{job.created_at:%Y/%m}") / f"{job.pk}.ndjson.zst"
    target = Path(settings.ARCHIVE_DIR) / place
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(f".{os.getpid()}.part")
    with unfinished.open("wb") as file:
        with zstandard.ZstdCompressor(level=6).stream_writer(file, closefd=False) as packed:
            for line in _lines(job):
                packed.write(orjson.dumps(line, option=orjson.OPT_SERIALIZE_NUMPY) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(target)
    return str(place)


def read(place: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of an archive: each is {"job": …}, {"chunk": …}, {"transition": …} or {"result": …}."""
    with (Path(settings.ARCHIVE_DIR) / place).open("rb") as file:
        unpacked = zstandard.ZstdDecompressor().stream_reader(file)
        rest = b""
        while block := unpacked.read(1 << 20):
            *lines, rest = (rest + block).split(b"\n")
            yield from map(orjson.loads, lines)


_CHUNK = (
    "position",
    "state",
    "queue",
    "attempt",
    "items",
    "failures",
    "error_code",
    "worker",
    "started_at",
    "finished_at",
)
_TRANSITION = ("chunk_id", "from_state", "to_state", "attempt", "actor", "reason", "at")


def _lines(job: Job) -> Iterator[dict[str, Any]]:
    yield {"job": describe(job)}
    for row in life.transitions_of(job, _TRANSITION):
        yield {"transition": row}
    for chunk in reads.chunks_from(job, 0).iterator(chunk_size=10):
        yield {"chunk": {name: getattr(chunk, name) for name in _CHUNK}}
        yield from _results(chunk)


def _results(chunk: Chunk) -> Iterator[dict[str, Any]]:
    try:
        results = codec.unpack(storage.read(chunk.blob_id)) if chunk.blob_id is not None else []
    except BlobDamaged as error:
        yield {"damaged": {"position": chunk.position, "detail": error.detail}}
        return
    for result in results:
        yield {"result": result.to_dict()}
