"""Rows that are read in plain SQL are those that Django reads, field by field and with what they refer to."""

from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Model

from jobs.models import Blob, Chunk, Job, Transition
from jobs.raw_sql import find
from jobs.services.run_chunk import run_chunk
from tests.jobs.conftest import only_chunk

pytestmark = pytest.mark.django_db


def fields_of(row: Model) -> dict[str, Any]:
    return {field.attname: row.__dict__[field.attname] for field in row._meta.concrete_fields}


@pytest.fixture
def job(broker: Any, submit_inline: Any, clock: Any) -> Job:
    """A finished job, so that every kind of column has a value."""
    made: Job = submit_inline()
    run_chunk(only_chunk(made).pk, worker="w1", clock=clock)
    return made


@pytest.mark.parametrize("model", [Job, Chunk, Blob, Transition])
def test_every_field_is_what_django_reads(job: Job, model: type[Model]) -> None:
    for row in model._default_manager.all():
        found = find(model, {"pk": row.pk})
        assert found == row
        assert fields_of(found) == fields_of(row)
        assert not found._state.adding


def test_what_is_referred_to_comes_in_the_same_question(job: Job, django_assert_num_queries: Any) -> None:
    expected = Chunk.objects.select_related("job__bars_blob", "blob").get(job=job)
    with django_assert_num_queries(1):
        found = find(Chunk, {"job_id": job.pk, "position": 0}, "job", "job__bars_blob", "blob")
        assert found is not None
        assert fields_of(found.job) == fields_of(expected.job)
        assert found.job.bars_blob is not None
        assert found.blob is not None
        assert fields_of(found.job.bars_blob) == fields_of(expected.job.bars_blob)
        assert fields_of(found.blob) == fields_of(expected.blob)


def test_a_reference_to_nothing_is_none(broker: Any, submit_inline: Any, django_assert_num_queries: Any) -> None:
    submit_inline()
    with django_assert_num_queries(1):
        found = find(Chunk, {"position": 0}, "blob")
        assert found is not None
        assert found.blob is None


def test_nothing_is_beyond_a_reference_to_nothing(job: Job) -> None:
    trace = Transition.objects.filter(chunk=None).first()
    assert trace is not None
    found = find(Transition, {"pk": trace.pk}, "chunk", "chunk__blob", "job")
    assert found is not None
    assert found.chunk is None
    assert fields_of(found.job) == fields_of(trace.job)


@pytest.mark.parametrize("guard", [{"pk": 10**12}, {"pk": 10**30}, {"job_id": uuid4()}, {"pk": 1, "position": 77}])
def test_what_is_not_there_is_none(job: Job, guard: dict[str, Any]) -> None:
    assert find(Chunk, guard) is None


def test_only_columns_and_foreign_keys_can_be_named(job: Job) -> None:
    with pytest.raises(TypeError, match="chunks is not a column"):
        find(Job, {"chunks": 1})
    with pytest.raises(TypeError, match="queue is not a foreign key"):
        find(Job, {"pk": job.pk}, "queue")
