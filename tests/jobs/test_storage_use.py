"""What an owner's jobs take of the storage: exact whatever ends or deletes them, bounded, and given back."""

import threading
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from jobs import storage_use
from jobs.errors import StorageFull
from jobs.models import Blob, Chunk, Job, StorageUse
from jobs.queries import removal
from jobs.requests import JobRequest
from jobs.services import admission
from jobs.services.cancel import cancel
from jobs.services.clone import clone
from jobs.services.purge import delete, purge_expired
from jobs.services.recount_storage import recount
from jobs.services.run_chunk import run_chunk
from jobs.services.submit import submit, submit_many
from jobs.states import State
from tests.bars import random_walk
from tests.jobs.conftest import Clock

ROWS = storage_use.ROWS_BYTES + storage_use.SYMBOL_BYTES


@pytest.fixture(autouse=True)
def _forget() -> None:
    admission.forget()


@pytest.fixture
def ran(broker: object, owner: AbstractUser, clock: Clock) -> Any:
    def make(**fields: Any) -> Job:
        fields = {"analyses": ["rsi"], "output": "all"} | fields
        if "symbols" not in fields:
            fields["bars"] = random_walk(300, seed=fields.pop("seed", 1))
        job = submit(owner=owner, request=JobRequest(**fields), now=clock())
        for pk in Chunk.objects.filter(job=job).values_list("pk", flat=True):
            run_chunk(pk, clock=clock)
        job.refresh_from_db()
        return job

    return make


def exact(owner: AbstractUser) -> tuple[int, int]:
    """What the rows there are say."""
    jobs = Job.objects.filter(owner=owner, finished_at__isnull=False)
    return sum(job.stored_bytes for job in jobs), sum(
        storage_use.byte_days(job.stored_bytes, job.retention) for job in jobs
    )


def kept(owner: AbstractUser) -> tuple[int, int]:
    found = storage_use.of_owner(owner.pk)
    return found.stored_bytes, found.byte_days


pytestmark = pytest.mark.django_db


def test_a_job_counts_its_rows_its_bars_and_its_results(ran: Any, owner: AbstractUser) -> None:
    job = ran(retention="7d")
    size = ROWS + sum(Blob.objects.values_list("size", flat=True))
    assert Blob.objects.count() == 2
    assert job.stored_bytes == size
    assert kept(owner) == (size, 7 * size)


def test_several_chunks_count_once_each(ran: Any, owner: AbstractUser, walks: list[str], settings: Any) -> None:
    settings.CHUNK_TARGET_MILLISECONDS = 0.0001
    job = ran(symbols=walks)
    assert job.chunk_count > 1
    results = Blob.objects.aggregate(size=Sum("size"))["size"]
    assert job.stored_bytes == storage_use.ROWS_BYTES + 6 * storage_use.SYMBOL_BYTES + results
    assert kept(owner) == exact(owner)


def test_what_is_open_counts_as_expected_and_then_as_it_is(ran: Any, owner: AbstractUser, clock: Clock) -> None:
    request = JobRequest(analyses=["rsi"], bars=random_walk(300), output="all", retention="30d")
    job = submit(owner=owner, request=request, now=clock())
    before = storage_use.of_owner(owner.pk)
    assert (before.byte_days, before.expected_byte_days) == (0, 30 * job.expected_bytes)
    run_chunk(Chunk.objects.get().pk, clock=clock)
    after = storage_use.of_owner(owner.pk)
    assert after.expected_byte_days == 0
    assert 0 < after.byte_days <= before.expected_byte_days


def test_a_cancelled_job_counts_what_it_has(owner: AbstractUser, broker: object, clock: Clock) -> None:
    request = JobRequest(analyses=["all"], bars=random_walk(300), output="all")
    job = submit(owner=owner, request=request, now=clock())
    cancel(job=job, actor="test", now=clock())
    job.refresh_from_db()
    assert job.stored_bytes == ROWS + Blob.objects.get().size
    assert kept(owner) == exact(owner)


def test_a_shared_result_counts_for_each_job_that_keeps_it(ran: Any, owner: AbstractUser, clock: Clock) -> None:
    """Else a result of a day could be kept for ever at no cost."""
    first = ran(retention="1d")
    second = ran(retention="forever")
    assert second.reused
    assert kept(owner) == (2 * first.stored_bytes, (1 + 3_650) * first.stored_bytes)
    delete(job=first, now=clock())
    assert kept(owner) == (second.stored_bytes, 3_650 * second.stored_bytes)


def test_deleted_and_expired_jobs_are_given_back(ran: Any, owner: AbstractUser, clock: Clock, settings: Any) -> None:
    settings.ARCHIVE_DIR = ""
    jobs = [ran(seed=n, retention="1d" if n % 2 else "30d") for n in range(4)]
    delete(job=jobs[0], now=clock())
    assert kept(owner) == exact(owner) != (0, 0)
    assert purge_expired(now=clock() + timedelta(days=2)) == 2
    assert kept(owner) == exact(owner)
    delete(job=jobs[2], now=clock())
    assert kept(owner) == (0, 0)


def test_archived_jobs_are_given_back(
    ran: Any, owner: AbstractUser, clock: Clock, settings: Any, tmp_path: Any
) -> None:
    settings.ARCHIVE_DIR = str(tmp_path)
    ran(retention="1d")
    assert purge_expired(now=clock() + timedelta(days=2)) == 1
    assert list(tmp_path.rglob("*.zst"))
    assert kept(owner) == (0, 0)


def test_a_job_of_an_older_release_is_neither_counted_nor_given_back(
    ran: Any, owner: AbstractUser, clock: Clock, settings: Any
) -> None:
    settings.ARCHIVE_DIR = ""
    old, new = ran(seed=1), ran(seed=2)
    storage_use.give_back([old])
    Job.objects.filter(pk=old.pk).update(stored_bytes=0)
    old.refresh_from_db()
    delete(job=old, now=clock())
    assert kept(owner) == (new.stored_bytes, 30 * new.stored_bytes)


def test_beyond_the_limit_nothing_more_is_taken(ran: Any, owner: AbstractUser, clock: Clock, settings: Any) -> None:
    job = ran(retention="365d")
    settings.ARCHIVE_DIR = ""
    settings.STORAGE_GB_DAYS_PER_OWNER = (365 * job.stored_bytes + 10) / 1e9
    request = JobRequest(analyses=["ema"], bars=random_walk(60), retention="1d")
    with pytest.raises(StorageFull, match="Delete jobs, or ask for a shorter retention") as full:
        submit(owner=owner, request=request, now=clock())
    assert full.value.used == 365 * job.stored_bytes
    assert full.value.used + full.value.asked > full.value.limit
    for refused in (
        lambda: submit_many(owner=owner, requests=[request], now=clock()),
        lambda: clone(job=job, owner=owner, now=clock()),
    ):
        with pytest.raises(StorageFull):
            refused()
    assert Job.objects.count() == 1
    # A scan's run is promised by its schedule.
    assert submit(owner=owner, request=request, now=clock(), limited=False)
    Job.objects.exclude(pk=job.pk).delete()
    delete(job=job, now=clock())
    assert submit(owner=owner, request=request, now=clock())


def test_many_that_are_open_at_once_do_not_pass_together(
    owner: AbstractUser, broker: object, clock: Clock, settings: Any
) -> None:
    request = JobRequest(analyses=["rsi"], bars=random_walk(300), output="all", reuse=False)
    one = submit(owner=owner, request=request, now=clock())
    settings.STORAGE_GB_DAYS_PER_OWNER = 3.5 * 30 * one.expected_bytes / 1e9
    settings.ADMISSION_SECONDS = 60
    for _ in range(2):
        submit(owner=owner, request=request, now=clock())
    with pytest.raises(StorageFull):
        submit(owner=owner, request=request, now=clock())
    with pytest.raises(StorageFull):
        submit_many(owner=owner, requests=[request] * 2, now=clock())


def test_others_are_not_asked_and_zero_is_no_limit(
    ran: Any, owner: AbstractUser, stranger: AbstractUser, clock: Clock, settings: Any
) -> None:
    job = ran()
    settings.STORAGE_GB_DAYS_PER_OWNER = 30 * job.expected_bytes * 1.5 / 1e9
    request = JobRequest(analyses=["rsi"], bars=random_walk(300), output="all", reuse=False)
    submit(owner=stranger, request=request, now=clock())
    settings.STORAGE_GB_DAYS_PER_OWNER = 0
    for _ in range(3):
        submit(owner=owner, request=request, now=clock())


def test_what_an_older_release_deletes_is_counted_again(ran: Any, owner: AbstractUser, clock: Clock) -> None:
    gone, there = ran(seed=1, retention="365d"), ran(seed=2)
    removal.delete_jobs([gone.pk])  # as 1.1 does
    assert kept(owner) != exact(owner)
    out = StringIO()
    call_command("recount_storage", stdout=out)
    assert out.getvalue().startswith("owner: ")
    assert kept(owner) == exact(owner) == (there.stored_bytes, 30 * there.stored_bytes)
    call_command("recount_storage", "owner", stdout=(again := StringIO()))
    assert again.getvalue() == ""


@pytest.mark.django_db(transaction=True)
def test_who_ends_jobs_while_they_are_counted_again_loses_nothing(owner: AbstractUser) -> None:
    def end() -> None:
        try:
            for _ in range(20):
                with transaction.atomic():
                    job = Job.objects.bulk_create([ended(owner)])[0]
                    storage_use.take([job])
        finally:
            connection.close()

    threads = [threading.Thread(target=end) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        recount(owner.pk)
    for thread in threads:
        thread.join()
    assert kept(owner) == exact(owner) == (60_000, 1_800_000)


def ended(owner: AbstractUser) -> Job:
    now = timezone.now()
    rows = {"plan": [], "request": {}, "timeframe": "1d", "engine": "", "queue": "indicators", "symbol_count": 1}
    times = {"created_at": now, "finished_at": now}
    return Job(owner_id=owner.pk, state=State.SUCCEEDED, chunk_count=1, stored_bytes=1_000, **rows, **times)


@pytest.mark.django_db(transaction=True)
def test_who_ends_jobs_at_once_loses_nothing(owner: AbstractUser, stranger: AbstractUser) -> None:
    jobs = [Job(owner_id=one.pk, stored_bytes=1_000, retention="30d") for one in (owner, stranger)]

    def work() -> None:
        try:
            for _ in range(25):
                storage_use.take(jobs)
                storage_use.take(reversed(jobs))
                storage_use.give_back(jobs)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept(owner) == kept(stranger) == (100_000, 3_000_000)
    assert StorageUse.objects.filter(owner=owner).count() <= storage_use.PARTS
