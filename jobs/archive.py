"""Deleted jobs as files: a frame of zstd a job, in it JSON lines of the job, its chunks, transitions and results."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, groupby
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid4

import orjson
import zstandard
from django.conf import settings

from analysis import codec
from jobs import storage
from jobs.errors import ArchiveDamaged, BlobDamaged
from jobs.models import Chunk, Job, Tombstone
from jobs.queries import removal
from jobs.selectors import describe

BLOCK = 1 << 16
LEVEL = 1


@dataclass(slots=True)
class Written:
    """An archive that is safe on the disk; `is_needed` says whether it stays, which it does until that is known."""

    place: str  # below ARCHIVE_DIR; empty where nothing is archived
    spans: Mapping[UUID, tuple[int, int]] = field(default_factory=dict)
    shown: Mapping[UUID, dict[str, Any]] = field(default_factory=dict)  # the jobs as they were described there
    is_needed: bool = True

    def of(self, job: Job) -> dict[str, Any]:
        """Return what the job's tombstone says of its archive."""
        offset, length = self.spans.get(job.pk, (None, None))
        return {"archive": self.place, "archive_offset": offset, "archive_length": length}


@contextmanager
def written(jobs: Sequence[Job], place: Path) -> Iterator[Written]:
    """Write jobs, ordered by their ids, into a file below ARCHIVE_DIR that nobody else has.

    An error in the block leaves the file: whether the transaction came to its end is not known then.
    """
    if not settings.ARCHIVE_DIR:
        yield Written("")
        return
    target = _made(place.parent) / f"{place.name}-{uuid4().hex[:12]}.ndjson.zst"
    unfinished = target.with_suffix(".part")
    try:
        with unfinished.open("xb") as file:
            shown = {job.pk: describe(job) for job in jobs}
            spans = _pack(jobs, shown, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync_folder(target.parent)
    made = Written(str(place.parent / target.name), spans, shown)
    yield made
    if not made.is_needed:
        target.unlink(missing_ok=True)


def read(stone: Tombstone) -> Iterator[dict[str, Any]]:
    """Yield the lines of a job's archive: each is {"job": …}, {"chunk": …}, {"transition": …} or {"result": …}.

    Raises ArchiveDamaged where it cannot be read to its end.
    """
    try:
        with (Path(settings.ARCHIVE_DIR) / stone.archive).open("rb") as file:
            file.seek(stone.archive_offset or 0)
            unpacked = zstandard.ZstdDecompressor().decompressobj()
            rest, left = b"", stone.archive_length
            while not unpacked.eof and (block := file.read(BLOCK if left is None else min(BLOCK, left))):
                left = left and left - len(block)
                *lines, rest = (rest + unpacked.decompress(block)).split(b"\n")
                yield from map(orjson.loads, lines)
            if not unpacked.eof or rest:
                raise ArchiveDamaged(f"{stone.archive} ends too early.")
    except (OSError, zstandard.ZstdError, orjson.JSONDecodeError) as error:
        raise ArchiveDamaged(f"{stone.archive}: {error}") from error


def check(stone: Tombstone) -> None:
    """Read an archive to its end; ArchiveDamaged unless it is that of the job, with all its chunks."""
    lines = read(stone)
    job = next(lines, {}).get("job")
    if job is None or job["id"] != str(stone.pk):
        raise ArchiveDamaged(f"{stone.archive} is not of this job.")
    chunks = sum("chunk" in line for line in lines)
    if chunks != job["progress"]["chunks"]:
        raise ArchiveDamaged(f"{stone.archive} has {chunks} of {job['progress']['chunks']} chunks.")


def remove(places: Collection[str]) -> None:
    """Delete files below ARCHIVE_DIR; one that is gone already is fine."""
    for place in places:
        (Path(settings.ARCHIVE_DIR) / place).unlink(missing_ok=True)


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


def _pack(jobs: Sequence[Job], shown: Mapping[UUID, dict[str, Any]], file: BinaryIO) -> dict[UUID, tuple[int, int]]:
    """Write a frame a job and return where each is, and how long."""
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    spans = {}
    for job, lines in _lines(jobs):
        begin = file.tell()
        with compressor.stream_writer(file, closefd=False) as packed:
            for line in chain([{"job": shown[job.pk]}], lines):
                packed.write(orjson.dumps(line, option=orjson.OPT_SERIALIZE_NUMPY) + b"\n")
        spans[job.pk] = begin, file.tell() - begin
    return spans


_CHUNK = (
    "position",
    "state",
    "queue",
    "attempt",
    "items",
    "failures",
    "progress",
    "error_code",
    "worker",
    "started_at",
    "finished_at",
)
_TRANSITION = ("job_id", "chunk_id", "from_state", "to_state", "attempt", "actor", "reason", "at")


def _lines(jobs: Sequence[Job]) -> Iterator[tuple[Job, Iterator[dict[str, Any]]]]:
    """Yield jobs, each with the lines after its own, which are read before the next; few chunks are in memory."""
    ids = [job.pk for job in jobs]
    transitions = defaultdict(list)
    for row in removal.transitions_of(ids, _TRANSITION):
        transitions[row.pop("job_id")].append(row)
    chunks = groupby(removal.chunks_with_results(ids).iterator(chunk_size=20), key=lambda chunk: chunk.job_id)
    following = next(chunks, None)
    for job in jobs:
        if following is not None and following[0] == job.pk:
            yield job, _of_job(transitions[job.pk], following[1])
            following = next(chunks, None)
        else:  # it has no chunks, or somebody has deleted it
            yield job, _of_job(transitions[job.pk], iter(()))


def _of_job(transitions: list[dict[str, Any]], chunks: Iterator[Chunk]) -> Iterator[dict[str, Any]]:
    for row in transitions:
        yield {"transition": row}
    for chunk in chunks:
        yield {"chunk": {name: getattr(chunk, name) for name in _CHUNK}}
        yield from _results(chunk)


def _results(chunk: Chunk) -> Iterator[dict[str, Any]]:
    if chunk.blob is None:
        return
    try:
        for entry in codec.read(*storage.opened(chunk.blob)):
            yield {"result": entry.result().to_dict()}
    except BlobDamaged as error:
        yield {"damaged": {"position": chunk.position, "detail": error.detail}}
