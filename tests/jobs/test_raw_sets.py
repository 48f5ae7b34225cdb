"""Rows by many keys: what is written is read back as it was, and only what is named goes."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from jobs import raw_sets
from jobs.models import Blob, Chunk, Job, JobSymbol, Tombstone, Transition

pytestmark = pytest.mark.django_db

ODD = {"quotes": "\"'`", "back": "\\ \\n \\u0041 \n\t", "signs": "%s {} ; -- $1", "other": "é 🜁 ⁂", "n": [1, 2.5, None]}


def stone(owner: Any, **changed: Any) -> Tombstone:
    given = {"id": uuid4(), "owner_id": owner.pk, "summary": ODD, "deleted_at": timezone.now()} | changed
    return Tombstone(**given)


def test_many_rows_are_written_as_they_are(owner: Any) -> None:
    stones = [
        stone(owner, archive="2026/%d'\".zst", archive_offset=2**40, archive_length=7),
        stone(owner, fingerprint="sha256:" + "f" * 64, summary={}),
    ]
    raw_sets.insert(Tombstone, raw_sets.prepared(stones))
    for one in stones:
        found = Tombstone.objects.get(pk=one.pk)
        for field in Tombstone._meta.concrete_fields:
            assert getattr(found, field.attname) == getattr(one, field.attname), field.attname


def test_no_rows_are_no_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        raw_sets.insert(Tombstone, [])


def test_only_the_rows_of_the_keys_are_deleted_and_told(submit_inline: Any, broker: Any) -> None:
    jobs = [submit_inline(seed=seed) for seed in range(3)]
    gone = [job.pk for job in jobs[:2]]
    raw_sets.delete(JobSymbol, "job", gone)
    assert raw_sets.delete(Transition, "job", [*gone, uuid4()]) == []
    assert set(Transition.objects.values_list("job", flat=True)) == {jobs[2].pk}
    told = raw_sets.delete(Chunk, "job", gone, "position", "queue", "blob")
    assert told == [(0, jobs[0].queue, None)] * 2
    assert sorted(raw_sets.delete(Job, "pk", gone, "owner", "bars_blob")) == sorted(
        (job.owner_id, job.bars_blob_id) for job in jobs[:2]
    )
    raw_sets.delete(Blob, "pk", [jobs[0].bars_blob_id])
    assert set(Blob.objects.values_list("pk", flat=True)) == {job.bars_blob_id for job in jobs[1:]}
    assert Job.objects.get() == jobs[2]


def test_no_keys_are_no_rows(submit_inline: Any, broker: Any) -> None:
    submit_inline()
    assert raw_sets.delete(Transition, "job", [], "id") == []
    assert Transition.objects.exists()
