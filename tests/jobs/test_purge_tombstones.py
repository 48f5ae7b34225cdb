"""What stays of a deleted job is kept for as long as the setting says, then nothing of it is left."""

from pathlib import Path

import pytest

from jobs import archive
from jobs.errors import JobDeleted, JobNotFound
from jobs.models import Job, Tombstone
from jobs.selectors import find_job
from jobs.services import purge_tombstones as service
from jobs.services.purge import delete, purge_expired
from jobs.services.purge_tombstones import purge_tombstones
from jobs.services.run_chunk import run_chunk
from tests.jobs.conftest import only_chunk

pytestmark = pytest.mark.django_db
DAY = 86_400


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.ARCHIVE_DIR = str(tmp_path)
    settings.ARCHIVE_DAYS = 10
    return tmp_path


@pytest.fixture
def finished(submit_inline, clock):
    def make(seed: int) -> Job:
        job = submit_inline(seed=seed, retention="1d")
        run_chunk(only_chunk(job).pk, clock=clock)
        job.refresh_from_db()
        return job

    return make


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_summary_and_archive_go_when_their_time_is_over(finished, folder, clock, owner) -> None:
    job, later = finished(1), finished(2)
    delete(job=job, now=clock())
    delete(job=later, now=clock.forward(DAY))
    assert purge_tombstones(now=clock.forward(9 * DAY)) == 0
    assert purge_tombstones(now=clock.forward(1)) == 1
    archive.check(Tombstone.objects.get(pk=later.pk))
    assert len(files(folder)) == 1
    with pytest.raises(JobNotFound):
        find_job(owner=owner, job_id=job.pk)


def test_a_file_that_several_share_goes_with_them(finished, folder, clock, monkeypatch) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    for seed in range(5):
        finished(seed)
    assert purge_expired(now=clock.forward(2 * DAY)) == 5
    assert len(files(folder)) == 1
    assert purge_tombstones(now=clock.forward(11 * DAY)) == 5
    assert files(folder) == []
    assert not Tombstone.objects.exists()


def test_an_archive_that_is_gone_already_keeps_back_nothing(finished, folder, clock) -> None:
    delete(job=finished(1), now=clock())
    files(folder)[0].unlink()
    assert purge_tombstones(now=clock.forward(11 * DAY)) == 1


def test_an_archive_that_cannot_be_deleted_keeps_its_summary(finished, folder, clock) -> None:
    delete(job=finished(1), now=clock())
    place = files(folder)[0]
    place.unlink()
    place.mkdir()
    assert purge_tombstones(now=clock.forward(11 * DAY)) == 0
    assert Tombstone.objects.count() == 1


def test_an_archive_and_the_summary_that_names_it_are_kept_for_ever_by_default(
    finished, folder, clock, settings
) -> None:
    settings.ARCHIVE_DAYS = 0
    delete(job=finished(1), now=clock())
    assert settings.TOMBSTONE_DAYS == 365
    assert purge_tombstones(now=clock.forward(9_999 * DAY)) == 0
    assert len(files(folder)) == 1
    archive.check(Tombstone.objects.get())


def test_a_summary_without_an_archive_is_kept_for_a_year_by_default(finished, clock, settings, owner) -> None:
    settings.ARCHIVE_DIR = ""
    job = finished(1)
    delete(job=job, now=clock())
    assert purge_tombstones(now=clock.forward(365 * DAY)) == 0
    with pytest.raises(JobDeleted):
        find_job(owner=owner, job_id=job.pk)
    assert purge_tombstones(now=clock.forward(1)) == 1
    with pytest.raises(JobNotFound):
        find_job(owner=owner, job_id=job.pk)


def test_it_may_be_kept_for_ever(finished, clock, settings) -> None:
    settings.ARCHIVE_DIR, settings.TOMBSTONE_DAYS = "", 0
    delete(job=finished(1), now=clock())
    assert purge_tombstones(now=clock.forward(9_999 * DAY)) == 0


def test_archives_that_cannot_be_deleted_keep_back_no_other_summary(finished, folder, clock, settings) -> None:
    delete(job=finished(1), now=clock())
    place = files(folder)[0]
    place.unlink()
    place.mkdir()
    settings.ARCHIVE_DIR, settings.TOMBSTONE_DAYS = "", 10
    delete(job=finished(2), now=clock())
    settings.ARCHIVE_DIR = str(folder)
    assert purge_tombstones(now=clock.forward(11 * DAY)) == 1
    assert Tombstone.objects.exclude(archive="").count() == 1
