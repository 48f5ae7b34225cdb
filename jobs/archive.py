"""One file per deleted job, as JSON lines under zstd: the job, its chunks, its transitions, its results."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson
import zstandard
from django.conf import settings

from analysis import codec
from jobs import storage
from jobs.errors import ArchiveDamaged, BlobDamaged
from jobs.models import Chunk, Job
from jobs.queries import life, reads
from jobs.selectors import describe


@dataclass(frozen=True, slots=True)
class Draft:
    """An archive that is written and safe on the disk, under a name of its own until it is kept."""

    place: str  # below ARCHIVE_DIR, once kept; empty where nothing is archived
    unfinished: Path | None = None

    def keep(self) -> None:
        """Give the archive its name; afterwards a crash of the machine does not take it away."""
        if self.unfinished is not None:
            target = Path(settings.ARCHIVE_DIR) / self.place
            self.unfinished.replace(target)
            _sync_folder(target.parent)


@contextmanager
def draft(job: Job) -> Iterator[Draft]:
    """Write the job's archive, however many do at the same time; unless it is kept, nothing of it stays."""
    if not settings.ARCHIVE_DIR:
        yield Draft("")
        return
    place = Path(f"{job.created_at:%Y/%m}") / f"{job.pk}.ndjson.zst"
    unfinished = _made(place.parent) / f"{job.pk}.{uuid4().hex}.part"
    try:
        with unfinished.open("xb") as file:
            with zstandard.ZstdCompressor(level=6, write_checksum=True).stream_writer(file, closefd=False) as packed:
                for line in _lines(job):
                    packed.write(orjson.dumps(line, option=orjson.OPT_SERIALIZE_NUMPY) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        yield Draft(str(place), unfinished)
    finally:
        unfinished.unlink(missing_ok=True)  # gone when it was kept


def read(place: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of an archive: each is {"job": …}, {"chunk": …}, {"transition": …} or {"result": …}.

    Raises ArchiveDamaged where it cannot be read to its end.
    """
    try:
        with (Path(settings.ARCHIVE_DIR) / place).open("rb") as file:
            unpacked = zstandard.ZstdDecompressor().decompressobj()
            rest = b""
            while not unpacked.eof and (block := file.read(1 << 16)):
                *lines, rest = (rest + unpacked.decompress(block)).split(b"\n")
                yield from map(orjson.loads, lines)
            if not unpacked.eof or rest:
                raise ArchiveDamaged(f"{place} ends too early.")
    except (OSError, zstandard.ZstdError, orjson.JSONDecodeError) as error:
        raise ArchiveDamaged(f"{place}: {error}") from error


def check(place: str, job_id: UUID) -> None:
    """Read an archive to its end; ArchiveDamaged unless it is that of the job, with all its chunks."""
    lines = read(place)
    job = next(lines, {}).get("job")
    if job is None or job["id"] != str(job_id):
        raise ArchiveDamaged(f"{place} is not of this job.")
    chunks = sum("chunk" in line for line in lines)
    if chunks != job["progress"]["chunks"]:
        raise ArchiveDamaged(f"{place} has {chunks} of {job['progress']['chunks']} chunks.")


def _made(folder: Path) -> Path:
    """Make a folder below ARCHIVE_DIR, and let its entries outlive a crash of the machine."""
    top = Path(settings.ARCHIVE_DIR)
    made = top / folder
    if not made.is_dir():
        made.mkdir(parents=True, exist_ok=True)
        for parent in folder.parents:
            _sync_folder(top / parent)
    return made


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
    # With their blobs, so that who deletes the job meanwhile takes away both or none.
    for chunk in reads.chunks_from(job, 0).select_related("blob").iterator(chunk_size=10):
        yield {"chunk": {name: getattr(chunk, name) for name in _CHUNK}}
        yield from _results(chunk)


def _results(chunk: Chunk) -> Iterator[dict[str, Any]]:
    try:
        results = codec.unpack(storage.unpack(chunk.blob)) if chunk.blob is not None else []
    except BlobDamaged as error:
        yield {"damaged": {"position": chunk.position, "detail": error.detail}}
        return
    for result in results:
        yield {"result": result.to_dict()}
