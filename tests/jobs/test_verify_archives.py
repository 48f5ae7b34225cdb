"""The archives of deleted jobs are read, and those that are not whole are named."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from jobs import archive
from jobs.errors import ArchiveDamaged
from jobs.models import Job, Tombstone
from jobs.services.purge import delete
from jobs.services.run_chunk import run_chunk
from tests.jobs.conftest import only_chunk

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.ARCHIVE_DIR = str(tmp_path)
    return tmp_path


@pytest.fixture
def stones(folder, submit_inline, clock) -> list[Tombstone]:
    """Return the tombstones of six deleted jobs."""
    for seed in range(6):
        job: Job = submit_inline(seed=seed, output="all")
        run_chunk(only_chunk(job).pk, clock=clock)
        job.refresh_from_db()
        delete(job=job, now=clock())
    return list(Tombstone.objects.order_by("id"))


def test_archives_that_are_whole_are_counted(stones, capsys) -> None:
    call_command("verify_archives")
    assert capsys.readouterr().out == "archives: 6, whole: 6, missing or unreadable: 0\n"


def test_what_is_not_whole_is_named(stones, folder, capsys) -> None:
    missing, cut, spoilt, foreign, shorter, whole = stones
    (folder / missing.archive).unlink()
    packed = (folder / cut.archive).read_bytes()
    (folder / cut.archive).write_bytes(packed[: len(packed) // 2])
    packed = bytearray((folder / spoilt.archive).read_bytes())
    packed[len(packed) // 2] ^= 0xFF
    (folder / spoilt.archive).write_bytes(packed)
    (folder / foreign.archive).write_bytes((folder / whole.archive).read_bytes())
    (folder / shorter.archive).write_bytes(b"")
    with pytest.raises(CommandError, match="archives: 6, whole: 1, missing or unreadable: 5"):
        call_command("verify_archives")
    named = capsys.readouterr().err
    assert [str(stone.pk) in named for stone in stones] == [True] * 5 + [False]


def test_an_archive_that_ends_early_is_no_shorter_archive(stones, folder) -> None:
    place = stones[0].archive
    packed = (folder / place).read_bytes()
    (folder / place).write_bytes(packed[:-10])
    with pytest.raises(ArchiveDamaged):
        list(archive.read(stones[0]))


def test_without_deleted_jobs_there_is_nothing_to_read(folder, capsys) -> None:
    call_command("verify_archives")
    assert capsys.readouterr().out == "archives: 0, whole: 0, missing or unreadable: 0\n"
