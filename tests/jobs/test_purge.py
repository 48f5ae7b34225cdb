"""Jobs that are over are archived and deleted after their time; what others still need stays."""

import itertools
import json
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard

from api.rendering import dump
from jobs import archive
from jobs.errors import JobDeleted, JobNotFound, NotDeletable
from jobs.models import Blob, Chunk, Job, Tombstone, Transition
from jobs.requests import JobRequest
from jobs.selectors import find_job, read_result, retention_lag_seconds
from jobs.services import purge
from jobs.services.purge import delete, purge_expired
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit
from tests.bars import random_walk
from tests.jobs.conftest import only_chunk

pytestmark = pytest.mark.django_db
DAY = 86_400


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.ARCHIVE_DIR = str(tmp_path)
    return tmp_path


@pytest.fixture
def finished(broker, owner, clock):
    def make(seed: int = 1, **fields) -> Job:
        request = JobRequest(analyses=["rsi"], bars=random_walk(60, seed=seed), output="all", **fields)
        job = submit(owner=owner, request=request, now=clock())
        if not job.reused:
            run_chunk(only_chunk(job).pk, clock=clock)
        job.refresh_from_db()
        return job

    return make


def test_a_job_is_kept_for_as_long_as_its_class_says(finished, clock) -> None:
    brief, long, always = (
        finished(seed, retention=kept, tags=["t"]) for seed, kept in enumerate(("1d", "30d", "forever"))
    )
    assert purge_expired(now=clock.forward(DAY - 1)) == 0
    assert purge_expired(now=clock.forward(2)) == 1
    assert set(Job.objects.values_list("pk", flat=True)) == {long.pk, always.pk}
    clock.now += timedelta(days=9_999)
    assert purge_expired(now=clock()) == 1
    assert Job.objects.get().pk == always.pk
    assert not Chunk.objects.filter(job_id=brief.pk).exists()
    assert not Transition.objects.filter(job_id=brief.pk).exists()
    assert Blob.objects.count() == 2


def test_what_is_under_way_is_neither_retired_nor_deleted(submit_inline, clock) -> None:
    job = submit_inline(retention="1d")
    assert purge_expired(now=clock.forward(9 * DAY)) == 0
    with pytest.raises(NotDeletable):
        delete(job=job, now=clock())
    assert Job.objects.count() == 1


def test_the_summary_stays_for_the_owner_alone(finished, clock, owner, stranger) -> None:
    job = finished()
    delete(job=job, now=clock())
    with pytest.raises(JobDeleted) as gone:
        find_job(owner=owner, job_id=job.pk)
    summary = gone.value.summary
    assert (summary["state"], summary["fingerprint"]) == ("succeeded", job.fingerprint)
    with pytest.raises(JobNotFound):
        find_job(owner=stranger, job_id=job.pk)


def test_the_archive_holds_the_whole_job(finished, clock) -> None:
    job = finished()
    page = read_result(job)
    delete(job=job, now=clock())
    lines = list(archive.read(Tombstone.objects.get()))
    assert [next(iter(line)) for line in lines].count("transition") == 8
    (result,) = (line["result"] for line in lines if "result" in line)
    assert result["columns"] == json.loads(dump(page.items[0]["columns"]))
    assert lines[0]["job"]["id"] == str(job.pk)


def test_a_stored_result_that_another_job_shares_stays_readable(finished, clock) -> None:
    first = finished()
    reusable = finished()
    assert reusable.reused
    delete(job=first, now=clock())
    assert read_result(reusable).items
    delete(job=reusable, now=clock())
    assert not Blob.objects.exists()


def test_a_full_disk_keeps_the_job(finished, clock, settings, folder) -> None:
    job = finished(retention="1d")
    (folder / "taken").write_text("")
    settings.ARCHIVE_DIR = str(folder / "taken")
    assert purge_expired(now=clock.forward(2 * DAY)) == 0
    assert Job.objects.get().pk == job.pk
    settings.ARCHIVE_DIR = str(folder)
    assert purge_expired(now=clock()) == 1


def test_jobs_that_are_purged_together_have_one_file(finished, clock, folder) -> None:
    jobs = [finished(seed, retention="1d") for seed in range(6)]
    assert purge_expired(now=clock.forward(2 * DAY)) == 6
    (file,) = (path for path in folder.rglob("*") if path.is_file())
    stones = list(Tombstone.objects.order_by("archive_offset"))
    assert {stone.archive for stone in stones} == {str(file.relative_to(folder))}
    ends = [stone.archive_offset + stone.archive_length for stone in stones]
    assert [stone.archive_offset for stone in stones] == [0, *ends[:-1]]
    assert ends[-1] == file.stat().st_size
    for stone in stones:
        archive.check(stone)
    lines = zstandard.ZstdDecompressor().stream_reader(file.read_bytes(), read_across_frames=True).read().splitlines()
    assert sum(line.startswith(b'{"job":') for line in lines) == len(jobs)


def test_an_archive_of_the_release_before_is_read(finished, clock, folder) -> None:
    delete(job=finished(), now=clock())
    Tombstone.objects.update(archive_offset=None, archive_length=None)
    archive.check(Tombstone.objects.get())


def test_it_goes_on_until_none_is_left(finished, clock, monkeypatch) -> None:
    monkeypatch.setattr(purge, "ARCHIVED_TOGETHER", 2)
    for seed in range(5):
        finished(seed, retention=("1d", "7d")[seed % 2])
    assert purge_expired(now=clock.forward(9 * DAY)) == 5
    assert not Job.objects.exists()


def test_the_lag_is_that_of_the_job_most_overdue(finished, clock) -> None:
    assert retention_lag_seconds(now=clock()) == 0
    for seed, kept in enumerate(("1d", "7d", "forever")):
        finished(seed, retention=kept)
    assert retention_lag_seconds(now=clock.forward(DAY - 1)) == 0
    assert retention_lag_seconds(now=clock.forward(61)) == 60
    assert retention_lag_seconds(now=clock.forward(7 * DAY)) == 7 * DAY + 60
    purge_expired(now=clock())
    assert retention_lag_seconds(now=clock()) == 0


def test_it_stops_when_its_time_is_over(finished, clock, monkeypatch) -> None:
    monkeypatch.setattr(purge, "ARCHIVED_TOGETHER", 1)
    for seed in range(4):
        finished(seed, retention="1d")
    seconds = itertools.count(0, 10)
    assert purge_expired(now=clock.forward(2 * DAY), seconds=20, timer=lambda: next(seconds)) == 2
    assert purge_expired(now=clock()) == 2


def test_a_job_that_cannot_be_purged_keeps_back_no_other(finished, clock, monkeypatch) -> None:
    monkeypatch.setattr(purge, "ARCHIVED_TOGETHER", 2)
    jobs = [finished(seed, retention="1d") for seed in range(5)]
    Tombstone.objects.create(id=jobs[0].pk, owner_id=jobs[0].owner_id, summary={}, deleted_at=clock())
    assert purge_expired(now=clock.forward(2 * DAY)) == 4
    assert Job.objects.get().pk == jobs[0].pk
    for stone in Tombstone.objects.exclude(pk=jobs[0].pk):
        archive.check(stone)


def test_a_retried_job_outlives_the_one_it_was_made_of(finished, clock) -> None:
    first, second = finished(1, retention="1d"), finished(2, retention="30d")
    Job.objects.filter(pk=second.pk).update(retry_of=first)
    assert purge_expired(now=clock.forward(2 * DAY)) == 1
    assert Job.objects.get().retry_of_id is None


def test_without_an_archive_only_the_summary_stays(finished, clock, settings, folder) -> None:
    settings.ARCHIVE_DIR = ""
    delete(job=finished(), now=clock())
    assert Tombstone.objects.get().archive == ""
    assert list(folder.iterdir()) == []
