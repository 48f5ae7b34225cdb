"""Jobs that are over are archived and deleted after their time; what others still need stays."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from api.rendering import dump
from jobs import archive
from jobs.errors import JobDeleted, JobNotFound, NotDeletable
from jobs.models import Blob, Chunk, Job, Tombstone, Transition
from jobs.requests import JobRequest
from jobs.selectors import find_job, read_result
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
    lines = list(archive.read(Tombstone.objects.get().archive))
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


def test_without_an_archive_only_the_summary_stays(finished, clock, settings, folder) -> None:
    settings.ARCHIVE_DIR = ""
    delete(job=finished(), now=clock())
    assert Tombstone.objects.get().archive == ""
    assert list(folder.iterdir()) == []
